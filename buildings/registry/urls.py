from collections.abc import Iterator

from django.urls import URLPattern, path

from .views import bodies, book, flats, public

app_name = "registry"
DESK = "quan-ly-toa-nha/<slug:ward>/<slug:building>"


def _shelf(name: str, word: str) -> Iterator[URLPattern]:
    """A list that managers keep by hand: `word` in the address, `book_<name>` as route."""
    which = {"shelf": word}
    yield path(f"{DESK}/{word}/", book.rows, which, name=f"book_{name}")
    yield path(f"{DESK}/{word}/them/", book.change_row, which, name=f"book_{name}_add")
    yield path(f"{DESK}/{word}/<int:pk>/", book.change_row, which, name=f"book_{name}_change")
    yield path(f"{DESK}/{word}/<int:pk>/bo/", book.drop_row, which, name=f"book_{name}_drop")


urlpatterns = [
    path("<slug:ward>/toa-nha/", public.buildings, name="buildings"),
    path("<slug:ward>/toa-nha/<slug:building>/", public.building, name="building"),
    path(f"{DESK}/ho-so/", book.book, name="book"),
    path(f"{DESK}/thong-tin/", book.facts, name="book_facts"),
    *_shelf("blocks", "khoi"),
    *_shelf("places", "noi-dung-chung"),
    *_shelf("contacts", "lien-he"),
    path(f"{DESK}/so-can-ho/", flats.flats, name="book_flats"),
    path(f"{DESK}/so-can-ho/them/", flats.change_flat, name="book_flats_add"),
    path(f"{DESK}/so-can-ho/<int:flat>/", flats.change_flat, name="book_flats_change"),
    path(f"{DESK}/so-can-ho/nhap/", flats.bring, name="book_flats_import"),
    path(f"{DESK}/so-can-ho/nhap/<uuid:brought>/", flats.check, name="book_flats_check"),
    path(f"{DESK}/so-can-ho/mau.xlsx", flats.template, name="book_flats_template"),
    path(f"{DESK}/so-can-ho/tai-ve.xlsx", flats.export, name="book_flats_export"),
    path(f"{DESK}/ban-quan-tri/", bodies.board, name="book_board"),
    path(f"{DESK}/ban-quan-tri/bau/", bodies.elect, name="book_board_elect"),
    path(f"{DESK}/ban-quan-tri/cong-nhan/", bodies.recognise, name="book_board_recognise"),
    path(f"{DESK}/don-vi-van-hanh/", bodies.operator, name="book_operator"),
    path(f"{DESK}/don-vi-van-hanh/hop-dong/", bodies.contract, name="book_operator_contract"),
    path(f"{DESK}/don-vi-van-hanh/ban-giao/", bodies.hand_over, name="book_operator_handover"),
    path(f"{DESK}/don-vi-van-hanh/ban-giao/<uuid:handover>.pdf", bodies.handover_record, name="book_operator_record"),
]
