"""The ward's desk: its lists, its moves, its registers."""

from collections.abc import Callable
from datetime import date, timedelta

from buildings.models import Absence
from portal.core.models import CalendarDay
from services.desk import counter
from services.desk.models import PreparedReason
from services.dossiers import corrections
from services.dossiers.models import Lateness
from services.registers import exporting
from tests.access.answers import (
    CLERKS,
    DESK_ONLY,
    DESK_ROOM,
    LEADERS,
    NOT_POLICE,
    POSTED,
    Rows,
    moved_by,
    only,
)
from tests.access.world import World, dossier, nothing, to_visit, visit
from tests.factories.buildings import WardFactory
from tests.factories.dossiers import AT, DossierFactory, photo
from tests.factories.lateness import late_case


def export(world: World) -> dict:
    """A file the clerk of the ward asked for."""
    ward, clerk = WardFactory(), world.people["clerk"]
    asked = exporting.ask("so-theo-doi", "csv", {"q": "ai"}, ward=ward, by=clerk, at=AT)
    exporting.make(str(asked.pk), 0, clock=lambda: AT)
    return {"id": asked.pk}


def storm_day(world: World) -> dict:
    day, _made = CalendarDay.objects.get_or_create(
        date=date(2026, 2, 6), ward_code="00127", defaults={"kind": "closed", "note": "Bão", "source": "Công điện"}
    )
    return {"day": day.pk}


def came_in(world: World) -> dict:
    """Somebody at the clerk's counter."""
    return {"person": counter.ticket(world.people["owner"], clerk=world.people["clerk"])}


def sentence(world: World) -> dict:
    reason, _made = PreparedReason.objects.get_or_create(
        ward=WardFactory(),
        kind="refusal",
        text="Hồ sơ không thuộc thẩm quyền của phường.",
        defaults={"written_by": world.people["clerk"], "written_at": AT},
    )
    return {"reason": reason.pk}


def clerk_away(world: World) -> dict:
    clerk, leader = world.people["clerk"], world.people["leader"]
    facts = {"from_date": date(2126, 2, 6), "to_date": date(2126, 2, 9), "recorded_at": AT, "recorded_by": clerk}
    absence, _made = Absence.objects.get_or_create(
        user=clerk, ward=WardFactory(), defaults={**facts, "substitute": leader}
    )
    return {"absence": absence.pk}


def being_corrected(world: World) -> dict:
    """A result somebody found a mistake in."""
    done = world.dossiers["done"]
    if corrections.open_correction(done) is None:
        said = {"texts": {"ho_ten": "Nguyễn Thị Hương"}, "reason": "Sai dấu"}
        corrections.draft(done, by=world.people["specialist"], at=AT, **said)
    return {"id": done.pk}


def appointment(world: World) -> dict:
    return {"id": to_visit(world).appointments.get().pk}


def late(state: str, *, evidence: bool = False) -> Callable[[World], dict]:
    """A dossier whose specialist is late, its case in this state."""

    def named(world: World) -> dict:
        key = f"late {state}"
        if key not in world.dossiers:
            made = DossierFactory(
                ward=WardFactory(), owner=world.people["owner"], processing=True, at=AT - timedelta(days=3)
            )
            proof = Lateness._meta.get_field("evidence").storage.save("evidence/proof", photo())
            late_case(made, state, at=AT, evidence=proof, evidence_name="so-truc.jpg")
            world.dossiers[key] = made
        return world.of(key, case=world.dossiers[key].latenesses.get().pk) if evidence else world.of(key)

    return named


ROWS: Rows = {
    "desk:work": (nothing, DESK_ROOM),
    "desk:batch": (nothing, POSTED),
    "desk:counter": (nothing, CLERKS),
    "desk:counter_person": (nothing, CLERKS),
    "desk:counter_begin": (came_in, {**CLERKS, "clerk_elsewhere": 404}),
    "desk:load": (nothing, LEADERS),
    "desk:load_of": (lambda world: {"officer": world.people["clerk"].pk}, {**LEADERS, "leader_elsewhere": 404}),
    "desk:reasons": (nothing, DESK_ROOM),
    "desk:reason_add": (
        nothing,
        {
            **moved_by("clerk", "leader"),
            **NOT_POLICE,
            "clerk_elsewhere": 200,
            "leader_elsewhere": 200,
        },  # each in their own ward
    ),
    "desk:reason_edit": (sentence, {**moved_by("clerk", "leader"), **NOT_POLICE}),
    "desk:reason_remove": (sentence, POSTED),
    "desk:keys": (nothing, POSTED),
    "desk:save_view": (nothing, POSTED),
    "desk:drop_view": (lambda world: {"view": 1}, POSTED),
    "desk:take": (dossier("processing"), POSTED),
    "desk:undo": (dossier("processing"), POSTED),
    "desk:timeline": (dossier("processing"), DESK_ONLY),
    "desk:calendar": (nothing, DESK_ROOM),
    "desk:calendar_add": (
        nothing,
        {**moved_by("leader"), **NOT_POLICE, "clerk_elsewhere": 403, "leader_elsewhere": 200},  # each in their own ward
    ),
    "desk:calendar_edit": (storm_day, {**moved_by("leader"), **NOT_POLICE}),
    "desk:calendar_remove": (storm_day, {**moved_by("leader"), **NOT_POLICE}),
    "desk:absences": (nothing, DESK_ROOM),
    "desk:absence_record": (nothing, DESK_ROOM),
    "desk:absence_end": (clerk_away, {**moved_by("clerk", "leader"), **NOT_POLICE}),
    "desk:appointments": (nothing, DESK_ROOM),
    "desk:print_appointments": (nothing, DESK_ROOM),
    "desk:find_for_appointment": (nothing, DESK_ROOM),
    "desk:visit_hours": (nothing, LEADERS),
    "desk:mark_appointment": (appointment, POSTED),
    "desk:cancel_appointment": (appointment, DESK_ONLY),
    "desk:book_appointment": (visit, DESK_ONLY),
    "registers:follow_up": (nothing, DESK_ROOM),
    "registers:issued": (nothing, DESK_ROOM),
    "registers:ask": (lambda world: {"what": "so-theo-doi"}, POSTED),
    "registers:exports": (nothing, DESK_ROOM),
    "registers:export": (export, only("clerk")),
    "registers:download": (export, only("clerk")),
    "registers:control_slip": (dossier("processing"), DESK_ONLY),
    "registers:control_slip_print": (dossier("processing"), DESK_ONLY),
    "desk:dossier": (dossier("processing"), DESK_ONLY),
    "desk:draft": (dossier("at_signing"), DESK_ONLY),
    "desk:conversation": (dossier("processing"), DESK_ONLY),
    "desk:settle": (dossier("processing"), POSTED),
    "desk:complaints": (nothing, {**LEADERS, "police_head": 200}),
    "desk:ratings": (nothing, LEADERS),
    "desk:reads": (nothing, LEADERS),
    "desk:lateness": (nothing, DESK_ROOM),
    "desk:at_risk": (nothing, DESK_ROOM),
    "desk:inspection": (nothing, LEADERS),
    "desk:report_error": (dossier("processing"), DESK_ONLY),
    "desk:explain": (late("explaining"), moved_by("specialist")),  # the only leader has to judge it
    "desk:accept_explanation": (late("explained"), moved_by("leader")),
    "desk:return_explanation": (late("explained"), moved_by("leader")),
    "desk:draft_apology": (late("apologising"), moved_by("specialist", "leader")),
    "desk:draft_letter": (late("drafted"), DESK_ONLY),
    "desk:sign_apology": (late("drafted"), moved_by("leader")),
    "desk:return_draft": (late("drafted"), moved_by("leader")),
    "desk:record_delivery": (late("sent"), DESK_ONLY),
    "desk:override": (late("explaining"), moved_by("leader")),
    "desk:evidence": (late("explained", evidence=True), DESK_ONLY),
    "desk:accept": (dossier("submitted"), moved_by("clerk")),
    "desk:request_supplement": (dossier("submitted"), moved_by("clerk")),
    "desk:refuse": (dossier("submitted"), moved_by("clerk")),
    "desk:hand_on": (dossier("accepted"), moved_by("clerk")),
    "desk:approve": (dossier("processing"), moved_by("specialist")),
    "desk:record_findings": (dossier("to_be_found"), moved_by("specialist")),
    "desk:sign": (dossier("at_signing"), moved_by("leader")),
    "desk:send_back": (dossier("at_signing"), moved_by("leader")),
    "desk:ask_confirmation": (dossier("to_be_confirmed"), moved_by("specialist")),
    "desk:ask_visit": (dossier("to_be_visited"), moved_by("specialist")),
    "desk:record_visit": (dossier("visiting"), DESK_ONLY),
    "desk:record_first_visit": (dossier("visiting_at_intake"), DESK_ONLY),
    "desk:approve_supplement": (dossier("proposed"), moved_by("leader")),
    "desk:decline_supplement": (dossier("proposed"), moved_by("leader")),
    "desk:propose_supplement": (dossier("processing"), moved_by("specialist")),
    "desk:ask_fee": (dossier("processing"), moved_by("specialist")),
    "desk:ask_verification": (dossier("to_be_verified"), moved_by("specialist")),
    "desk:record_fee": (dossier("awaiting_fee"), moved_by("clerk")),
    "desk:reassign": (dossier("processing"), moved_by("leader")),
    "desk:stop": (dossier("processing"), moved_by("leader")),
    "desk:declare_interest": (dossier("processing"), DESK_ONLY),
    "desk:approve_interest": (dossier("interest"), moved_by("leader")),
    "desk:number": (dossier("signed"), moved_by("registry_clerk")),
    "desk:issue": (dossier("numbered"), moved_by("registry_clerk")),
    "desk:corrections": (nothing, DESK_ROOM),
    "desk:correction": (dossier("done"), DESK_ONLY),
    "desk:correction_draft": (being_corrected, DESK_ONLY),
    "desk:correction_move": (dossier("done", slug="ky"), POSTED),
    "desk:sign_several": (nothing, DESK_ROOM),
    "desk:deliver": (dossier("done"), moved_by("clerk")),
}
