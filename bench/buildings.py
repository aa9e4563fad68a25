"""A building's book: its public page and its list with two thousand flats, and five thousand flats out of a workbook."""

import io
from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from buildings.models import Apartment, Building, Ward
from buildings.registry import exporting, importing
from portal.core.models import User

from .people import Person, queries_of
from .rounds import Case, throughput, times

FLATS, BROUGHT = 2_000, 5_000
A_FLOOR = 100


def cases(portal: str, bare: str) -> Iterator[Case]:
    ward = Ward.objects.get(slug="viet-hung")
    manager = Person(portal, User.objects.get(email="toa-nha@viet-hung.example"))
    house = Building.objects.managed_by(manager.user).get()
    building = Building.objects.create(
        ward=ward, slug="do-luong", name="Nhà đo lường", address="Phố Hoa Sữa", floors=BROUGHT // A_FLOOR
    )
    workbook = _workbook(building, BROUGHT)
    yield (
        f"{BROUGHT:,} flats from a workbook, tried out and written",
        times(lambda: _bring(building, workbook, manager.user), lambda: _bare(building, workbook), runs=1),
        None,
    )
    Building.objects.filter(pk=house.pk).update(floors=60)
    have = house.apartments.count()
    Apartment.objects.bulk_create(
        Apartment(building=house, floor=20 + number // A_FLOOR, number=f"M{number:04d}")
        for number in range(FLATS - have)
    )
    address = house.get_absolute_url()
    yield (
        f"a building's page, {FLATS:,} flats",
        throughput(portal + address, bare + "/"),
        queries_of(address, manager.user),
    )
    book = reverse("registry:book_flats", args=[ward.slug, house.slug])
    headers = {"Cookie": manager.cookies}
    for name, path in (("list", book), ("search", f"{book}?q=M1")):
        yield (
            f"managers' {name} of {FLATS:,} flats",
            throughput(portal + path, bare + "/", headers=headers),
            queries_of(path, manager.user),
        )


def _workbook(building: Building, number: int) -> bytes:
    with transaction.atomic():
        Apartment.objects.bulk_create(
            Apartment(
                building=building,
                floor=1 + index // A_FLOOR,
                number=f"{index:05d}",
                area="75.50",
                owner_name=f"Nguyễn Văn {index}",
            )
            for index in range(number)
        )
        content = exporting.flats(building)
        transaction.set_rollback(True)
    return content


def _bring(building: Building, workbook: bytes, by: User) -> None:
    at = timezone.now()
    with transaction.atomic():
        brought = importing.bring(
            building, SimpleUploadedFile("can-ho.xlsx", workbook), make_blocks=False, by=by, at=at
        )
        if importing.write(brought, by=by, at=at)["added"] != BROUGHT:
            raise RuntimeError("the workbook was not written")
        transaction.set_rollback(True)


def _bare(building: Building, workbook: bytes) -> None:
    """The same rows by the libraries alone, nothing looked at."""
    sheet = load_workbook(io.BytesIO(workbook), read_only=True).worksheets[0]
    with transaction.atomic():
        Apartment.objects.bulk_create(
            Apartment(building=building, number=row[0], floor=row[2], area=row[3], owner_name=row[5] or "")
            for row in sheet.iter_rows(min_row=2, values_only=True)
        )
        transaction.set_rollback(True)
