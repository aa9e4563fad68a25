"""Dossiers in every state, taken there by the real actions at times that could have been."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from buildings.models import Ward, holders_of
from portal.core.calendar import VIETNAM, WorkingCalendar, load_calendar
from portal.core.models import User
from services.catalogue.forms import file_fields
from services.catalogue.models import Procedure, ProcedureVersion
from services.documents import issuing, rendering
from services.documents.models import IssuedDocument
from services.dossiers import actions, filing, slips, watch
from services.dossiers.actions import signing
from services.dossiers.models import Dossier

from .lateness import answer_for

Way = Dossier.Delivery
MARITAL, BIRTH, EXTRACT, MARRIAGE = "1.004873", "1.001193", "2.000635", "1.000894"
STAYING, RESIDENCE, DISABILITY = "1.004194", "1.010041", "1.001699"
A_STEP = 25  # working minutes between two moves
TODAY_SINCE = 100  # minutes ago that today's dossiers came
TO_RESULT = ("accept", "hand_on", "approve", "sign", "number", "issue")

SAID: dict[str, dict[str, Any]] = {
    "request_supplement": {
        "reason": "Chưa đủ căn cứ để giải quyết.",
        "contact": "Cán bộ tiếp nhận, điện thoại của Bộ phận Một cửa",
    },
    "refuse": {
        "reason": "Hồ sơ không thuộc thẩm quyền của phường: nơi thường trú ghi trong tờ khai ở phường khác. "
        "Đề nghị nộp tại phường nơi đăng ký thường trú."
    },
    "withdraw": {"reason": "Tôi không cần giấy này nữa."},
    "send_back": {"reason": "Đề nghị ghi rõ kết quả xác minh nơi cư trú trước đây."},
    "ask_fee": {"amount": 8_000, "reason": "Phí cấp bản sao trích lục hộ tịch: 8.000 đồng một bản."},
    "stop": {"reason": "Người yêu cầu đã được cấp giấy này ở hồ sơ khác cùng ngày."},
}


@dataclass(frozen=True)
class Story:
    """One dossier: which procedure, whose, how many working days ago it was sent, what became of it."""

    procedure: str
    resident: int
    days_ago: int
    moves: tuple[str, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    items: tuple[tuple[str, str], ...] = ()
    late: tuple[str, ...] = ()  # how far each of its latenesses was answered for
    pace: int = A_STEP
    delivery: str = Way.PORTAL
    received: bool = True  # what does not say so by itself: opened on the portal, confirmed from home


STORIES = (
    Story(MARITAL, 0, 0),
    Story(BIRTH, 1, 0),
    Story(EXTRACT, 2, 0, ("accept",)),
    Story(MARITAL, 1, 0, ("accept", "hand_on")),
    Story(MARRIAGE, 1, 0, ("accept", "hand_on", "approve")),
    # So slow that what remains no longer fits before its promise.
    Story(MARITAL, 2, 2, ("accept", "hand_on", "approve", "send_back"), pace=180),
    Story(BIRTH, 2, 0, ("accept", "hand_on", "approve", "sign")),
    Story(
        BIRTH,
        2,
        2,
        ("request_supplement",),
        items=(
            ("giay_chung_sinh", "Ảnh giấy chứng sinh bị mờ ở phần dấu, đề nghị chụp lại."),
            ("que_quan", "Ghi rõ phường, xã của quê quán."),
        ),
    ),
    # The watch closes it: nobody answered for fifteen working days.
    Story(MARITAL, 1, 18, ("request_supplement",), items=(("muc_dich", "Ghi rõ dùng giấy vào việc gì, nộp ở đâu."),)),
    Story(BIRTH, 1, 0, ("accept", "hand_on", "ask_confirmation")),
    Story(EXTRACT, 2, 0, ("accept", "hand_on", "ask_fee")),
    Story(MARITAL, 2, 7, ("accept", "hand_on", "stop")),
    # Late: nobody has explained it; the apology waits for its signature; apologised, with a new date; late again.
    Story(MARITAL, 0, 8, ("accept", "hand_on"), late=("explaining",)),
    Story(MARRIAGE, 1, 4, ("accept", "hand_on"), late=("drafted",)),
    Story(MARITAL, 2, 5, ("accept", "hand_on"), late=("told",)),
    Story(MARITAL, 1, 9, ("accept", "hand_on"), late=("told", "explained")),
    Story(EXTRACT, 1, 0, TO_RESULT, delivery=Way.COUNTER),
    Story(MARITAL, 1, 9, (*TO_RESULT, "deliver"), {"muc_dich": "nha_dat"}),
    Story(BIRTH, 2, 15, (*TO_RESULT, "deliver"), delivery=Way.POST),
    Story(MARRIAGE, 2, 20, (*TO_RESULT, "deliver"), delivery=Way.COUNTER),
    # A month that is over has enough to be rated.
    Story(EXTRACT, 0, 24, (*TO_RESULT, "deliver"), delivery=Way.HOME),
    Story(EXTRACT, 1, 26, (*TO_RESULT, "deliver"), delivery=Way.POST, received=False),
    Story(EXTRACT, 2, 28, (*TO_RESULT, "deliver"), received=False),
    # The police's: one waits to be received, one for its findings, one for the head's signature, one is done.
    Story(RESIDENCE, 0, 0),
    Story(STAYING, 1, 0, ("accept", "hand_on")),
    Story(STAYING, 2, 0, ("accept", "hand_on", "approve")),
    Story(RESIDENCE, 1, 6, (*TO_RESULT, "deliver"), pace=15),
    # Three steps of examination: the council's degree is written down before the leader signs.
    Story(DISABILITY, 0, 1, ("accept", "hand_on", "approve", "approve", "approve")),
    Story(MARITAL, 2, 6, ("refuse",)),
    Story(EXTRACT, 0, 5, ("withdraw",)),
)


def load_dossiers(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """Every story of one ward, oldest first, so that codes and numbers rise with time; then two drafts.

    At the end the watch does what time has brought about meanwhile.
    """
    calendar = load_calendar(ward)
    for story in sorted(STORIES, key=lambda story: -story.days_ago):
        tell(story, ward, residents[story.resident], calendar, at=at)
    for procedure in (MARITAL, BIRTH):
        _draft(procedure, ward, residents[0], at=at)
    watch.watch(at=at)


def tell(story: Story, ward: Ward, owner: User, calendar: WorkingCalendar, *, at: datetime) -> Dossier:
    moment = _working_moment(calendar, at, story.days_ago)
    version = _version(story.procedure)
    dossier = Dossier.objects.create(
        ward=ward,
        version=version,
        owner=owner,
        delivery=story.delivery,
        answers=_answers(version, owner, ward, at=at) | story.answers,
        created_at=moment,
        changed_at=moment,
    )
    for page in version.spec.pages:
        for paper in file_fields(page, dossier.answers):
            if paper.required:
                filing.attach(dossier, paper, scan(paper.label, owner), by=owner, at=moment)
    dossier = actions.submit(dossier, by=owner, at=moment)
    moves = _with_confirmation(story.moves) if version.spec.confirm_draft else story.moves
    # What came today was done one after the other since.
    pace = story.pace if story.days_ago else min(story.pace, TODAY_SINCE // (len(moves) + 1))
    for move in moves:
        moment = min(calendar.add_minutes(moment, pace), at)
        if move == "deliver":
            rendering.render(str(_result_of(dossier).pk), at=moment)
            said = _handed_over(dossier, at=moment)
        else:
            said = SAID.get(move, {}) | ({"items": story.items} if move == "request_supplement" else {})
        if move == "approve" and version.spec.findings:
            said |= {"findings": FOUND[version.spec.code](dossier.answers, ward, moment)}
        dossier = getattr(actions, move)(dossier, by=_who(move, dossier), at=moment, **said)
    if dossier.delivered_at and story.received:
        _receive(dossier, at=min(moment + timedelta(days=2, hours=1), at))
    if story.late:
        return answer_for(dossier, story.late, calendar, latest=_latest_open(calendar, timezone.localtime(at)))
    return dossier


def _result_of(dossier: Dossier) -> IssuedDocument:
    return IssuedDocument.objects.about(dossier).get(kind=slips.RESULT)


def _handed_over(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """What the clerk notes of it, each way its own."""
    match dossier.delivery:
        case Way.COUNTER:
            return {"received_by": dossier.applicant_name, "paper_shown": "Thẻ căn cước"}
        case Way.HOME:
            return {"received_by": "Nguyễn Thị Lan (mẹ)", "paper_shown": "Thẻ căn cước, giấy ủy quyền"}
        case Way.POST:
            number = f"EA{dossier.pk.int % 10**9:09d}VN"
            return {"tracking_number": number, "sent_on": timezone.localdate(at)}
        case _:
            return {}


def _receive(dossier: Dossier, *, at: datetime) -> None:
    """The resident has it: what came by post they say, on the portal they open it."""
    if dossier.delivery == Way.POST:
        actions.confirm_receipt(dossier, by=dossier.owner, at=at)
    elif dossier.delivery == Way.PORTAL:
        issuing.note_reading(_result_of(dossier), by=dossier.owner, at=at)
        signing.note_reading(dossier, at=at)


def _with_confirmation(moves: tuple[str, ...]) -> tuple[str, ...]:
    """The citizen looks at the e-form once before it goes on."""
    if "approve" not in moves:
        return moves
    place = moves.index("approve")
    return (*moves[:place], "ask_confirmation", "confirm", *moves[place:])


def _who(move: str, dossier: Dossier) -> User:
    if move in ("withdraw", "confirm"):
        return dossier.owner
    if move == "stop":
        return holders_of(dossier.agency.head, dossier.ward).select_related("user").first().user
    return dossier.current_step.assignee


def scan(title: str, owner: User) -> SimpleUploadedFile:
    """A sheet as a phone would photograph it: nothing real is on it."""
    sheet = Image.new("RGB", (1240, 1754), "#f4efe6")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((70, 70, 1170, 1684), outline="#8a7f70", width=4)
    pen.rectangle((160, 170, 1080, 260), fill="#d9cfbf")
    for line in range(16):
        pen.rectangle((160, 360 + 72 * line, 1080 - (line * 137) % 420, 384 + 72 * line), fill="#cfc5b5")
    pen.ellipse((760, 1380, 1000, 1620), outline="#8c1c3c", width=8)
    # One pixel for each letter: two papers are two files.
    for place, letter in enumerate(f"{title} {owner.pk}"):
        sheet.putpixel((80 + place, 1675), (ord(letter) % 256, 90, 90))
    content = BytesIO()
    sheet.save(content, "JPEG", quality=80)
    return SimpleUploadedFile("giay-to.jpg", content.getvalue(), "image/jpeg")


def _draft(procedure: str, ward: Ward, owner: User, *, at: datetime) -> None:
    """Half filled in: the first question is answered, the rest waits."""
    version = _version(procedure)
    answers = _answers(version, owner, ward, at=at)
    first = version.spec.sections[0]
    Dossier.objects.create(
        ward=ward,
        version=version,
        owner=owner,
        answers={spec.key: answers[spec.key] for spec in first.fields if spec.key in answers},
        created_at=at - timedelta(hours=3),
        changed_at=at - timedelta(hours=3),
    )


def _working_moment(calendar: WorkingCalendar, at: datetime, days_ago: int) -> datetime:
    """Nine in the morning so many working days ago; today's dossiers came an hour and a half ago."""
    latest = _latest_open(calendar, timezone.localtime(at))
    if not days_ago:
        return latest - timedelta(minutes=TODAY_SINCE)
    day = latest.date()
    while days_ago:
        day -= timedelta(days=1)
        days_ago -= calendar.is_working(day)
    return calendar.closing(day).replace(hour=9, minute=5)


def _latest_open(calendar: WorkingCalendar, at: datetime) -> datetime:
    """This instant when the office is open, else when it last closed."""
    if calendar.is_open(at):
        return at
    day = at.date()
    while not calendar.is_working(day) or calendar.closing(day) > at:
        day -= timedelta(days=1)
    return calendar.closing(day)


def _version(code: str) -> ProcedureVersion:
    version = Procedure.objects.get(code=code).current
    if version is None:
        raise LookupError(f"{code} is not published: run load_procedures")
    return version


# --- What they answered --------------------------------------------------------------------------


def _answers(version: ProcedureVersion, owner: User, ward: Ward, *, at: datetime) -> dict[str, Any]:
    """The procedure's answers; of a person only what its form asks."""
    answers = ANSWERS[version.spec.code](owner, ward, at)
    for spec in version.spec.fields():
        if spec.kind == "person" and spec.key in answers:
            asked = spec.options["parts"]
            answers[spec.key] = {part: text for part, text in answers[spec.key].items() if part in asked}
    return answers


def _person(name: str, born: str, sex: str, number: str, address: str) -> dict[str, str]:
    return {
        "ho_ten": name,
        "ngay_sinh": born,
        "gioi_tinh": sex,
        "dan_toc": "Kinh",
        "quoc_tich": "Việt Nam",
        "so_dinh_danh": number,
        "noi_cu_tru": address,
    }


def _self(owner: User) -> dict[str, str]:
    sex = "nam" if (owner.email or "").startswith("cong-dan@") else "nu"
    born = owner.birth_date.isoformat() if owner.birth_date else "1990-01-01"
    return _person(owner.full_name, born, sex, owner.personal_number, owner.address)


def _other(owner: User, name: str, sex: str, born: str = "1991-08-15") -> dict[str, str]:
    return _person(name, born, sex, f"0009{owner.pk:08d}", owner.address)


def _place(ward: Ward) -> dict[str, str]:
    return {"chi_tiet": "Căn hộ 0804, Chung cư Sen Hồng", "phuong": ward.name, "tinh": "Hà Nội"}


def marital(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "nguoi_yeu_cau": _self(owner),
        "tinh_trang": "chua_ket_hon",
        "muc_dich": "ket_hon",
        "ket_hon_voi": "Phạm Minh Quân, sinh năm 1988, phường Phúc Lợi; đăng ký tại phường Phúc Lợi",
        "tung_o_noi_khac": "no",
    }


def birth(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "ho_ten_tre": "Nguyễn Minh Khuê",
        "ngay_sinh_tre": f"{at - timedelta(days=30):%Y-%m-%d}",
        "gioi_tinh_tre": "nu",
        "sinh_o_co_so_y_te": "yes",
        "co_so_y_te": "Bệnh viện Phụ sản thành phố, Hà Nội",
        "que_quan": {"phuong": ward.name, "tinh": "Hà Nội"},
        "dan_toc_tre": "Kinh",
        "quoc_tich_tre": "Việt Nam",
        "quan_he": "me",
        "me": _self(owner),
        "ghi_ten_cha": "yes",
        "cha": _other(owner, "Nguyễn Quốc Bảo", "nam"),
        "so_ban_sao": 2,
    }


def extract(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "loai_viec": "khai_sinh",
        "la_ban_than": "yes",
        "nguoi_yeu_cau": _self(owner),
        "noi_dang_ky": f"UBND phường {ward.name}, Hà Nội",
        "ngay_dang_ky": "1998-03-12",
        "so_quyen": "số 45, quyển 01/1998",
        "so_ban": 2,
        "ly_do": "Làm hộ chiếu",
    }


def marriage(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "vai_tro": "ben_nu",
        "ben_nam": _other(owner, "Trần Đức Long", "nam"),
        "nam_ket_hon_lan": 1,
        "ben_nu": _self(owner),
        "nu_ket_hon_lan": 1,
        "ngay_mong_muon": f"{at + timedelta(days=14):%Y-%m-%d}",
        "dien_thoai": "+84912345678",
    }


def staying(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "viec": "dang_ky",
        "nguoi_yeu_cau": _self(owner),
        "noi_thuong_tru": {"chi_tiet": "Số 3 phố Cổ Linh", "phuong": "Phúc Lợi", "tinh": "Hà Nội"},
        "dien_thoai": "+84912345678",
        "noi_tam_tru": _place(ward),
        "loai_cho_o": "thue",
        "co_giay_cho_o": "yes",
        "tu_ngay": f"{at:%Y-%m-%d}",
        "so_thang": 12,
        "la_chu_ho": "yes",
        "co_nguoi_cung": "no",
        "co_tre_em": "no",
    }


def residence(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "nguoi_yeu_cau": _self(owner),
        "dien_thoai": "+84912345678",
        "cho_ban_than": "yes",
        "noi_dung": "thuong_tru",
        "dia_chi": _place(ward),
        "muc_dich": "Nộp hồ sơ nhập học cho con",
    }


def disability(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "loai_de_nghi": "lan_dau",
        "cho_ban_than": "yes",
        "nguoi_khuyet_tat": _self(owner),
        "dien_thoai": "+84912345678",
        "dang_tat": "van_dong",
        "mo_ta": "Bị tai nạn lao động năm 2021, chân trái đi lại khó khăn, đã điều trị tại Bệnh viện Việt Đức.",
        "di_lai": "giup",
        "an_uong": "duoc",
        "ve_sinh": "duoc",
        "giao_tiep": "duoc",
        "noi_gap": "Tại nhà, vì khó đi lại",
    }


ANSWERS: dict[str, Callable[[User, Ward, datetime], dict[str, Any]]] = {
    MARITAL: marital,
    BIRTH: birth,
    EXTRACT: extract,
    MARRIAGE: marriage,
    STAYING: staying,
    RESIDENCE: residence,
    DISABILITY: disability,
}


# --- What the officers found -----------------------------------------------------------------------------


def _in_book(ward: Ward, at: datetime) -> dict[str, str]:
    """Number and volume of the entry in a civil-status register."""
    return {"so_dang_ky": f"{at.timetuple().tm_yday}", "quyen_so": f"01/{at:%Y}"}


def found_marital(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {"tinh_trang_xac_minh": said["tinh_trang"], "theo_thoi_gian": "no"}


def found_birth(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {"so_dinh_danh_tre": f"0003{at:%y%m%d}{ward.pk % 100:02d}", **_in_book(ward, at)}


def found_extract(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "noi_dang_ky_so": said["noi_dang_ky"],
        "ngay_dang_ky_so": said["ngay_dang_ky"],
        "so_dang_ky": "45",
        "quyen_so": "01/1998",
        "noi_dung_so": "Sinh tại Bệnh viện Phụ sản Hà Nội. Cha: Nguyễn Văn Hòa, sinh năm 1968. "
        "Mẹ: Trần Thị Lựu, sinh năm 1970.",
        "co_thay_doi": "no",
        "so_ban_cap": said["so_ban"],
    }


def found_marriage(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {**_in_book(ward, at), "ngay_dang_ky": f"{at.astimezone(VIETNAM):%Y-%m-%d}"}


def found_staying(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    begins = date.fromisoformat(said["tu_ngay"])
    return {
        "so_ho_so_cu_tru": f"{ward.code[-3:]}-{at:%Y}-{at.timetuple().tm_yday:05d}",
        "noi_tam_tru_xac_nhan": said["noi_tam_tru"],
        "ngay_cap_nhat": f"{at.astimezone(VIETNAM):%Y-%m-%d}",
        "tam_tru_tu": said["tu_ngay"],
        "tam_tru_den": f"{begins + timedelta(days=364):%Y-%m-%d}",
    }


def found_residence(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "can_cu": "co_so_du_lieu",
        "dia_chi_xac_nhan": said["dia_chi"],
        "tu_ngay_xac_nhan": "2019-04-12",
        "chu_ho_xac_nhan": f"{said['nguoi_yeu_cau']['ho_ten']}, là chủ hộ",
    }


def found_disability(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    day = f"{at.astimezone(VIETNAM):%Y-%m-%d}"
    return {
        "dang_tat_ket_luan": said["dang_tat"],
        "muc_do": "nang",
        "so_bien_ban": "05/BB-HĐXĐKT",
        "ngay_hop": day,
        "niem_yet_tu": day,
    }


FOUND: dict[str, Callable[[dict[str, Any], Ward, datetime], dict[str, Any]]] = {
    MARITAL: found_marital,
    BIRTH: found_birth,
    EXTRACT: found_extract,
    MARRIAGE: found_marriage,
    STAYING: found_staying,
    RESIDENCE: found_residence,
    DISABILITY: found_disability,
}
