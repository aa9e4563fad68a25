"""What becomes of everything that names a ward when wards hand over to each other.

A new field that names a ward fails `tests/home/test_fates.py` until it is answered for here: whoever
adds it decides whether it moves, and where from `carrying_out` it is moved.
"""

STAYS = "stays: a record of what the ward did"

FATES: dict[str, str] = {
    "buildings.Building.ward": "goes where its line says; its old address leads on",
    "buildings.Membership.ward": "ends; begins anew where the plan says; a building's people go with it",
    "requests.WardReferral.ward": "stays; what is still to be answered goes to the building's new ward",
    "buildings.Absence.ward": "stays; what is to come is recorded anew where both people went",
    "buildings.FormerName.ward": STAYS,
    "buildings.WardSuccession.old": STAYS,
    "buildings.WardSuccession.new": STAYS,
    "buildings.MembershipTransfer.new": STAYS,
    "dossiers.Dossier.ward": "goes with the building of its owner; what a ward that goes on has finished stays",
    "documents.IssuedDocument.ward": "stays: the agency that issued it; its number and book are that ward's",
    "documents.IssuedDocument.kept_by": "the ward that took over: its desk reads it and answers for it",
    "appointments.Appointment.ward": "goes with its dossier at the same time, or is called off; what is past stays",
    "appointments.VisitHours.ward": "stays; the successor has its own",
    "registers.Export.ward": "stays until it expires; nobody new sees it",
    "desk.SavedView.ward": "stays its officer's own",
    "desk.PreparedReason.ward": "stays; the successor writes its own",
    "catalogue.Procedure.wards": "stays: what the successor offers is the catalogue's decision; the preview says what is lacking",
    "catalogue.Procedure_wards.ward": "stays, as above",
    "home.WardPage.ward": "stays, to be read; names the successors",
    "home.AnnouncementPage.ward": "stays where it was published: a document of the agency that issued it; the successor links its archive",
    "home.PublicityRecord.ward": STAYS,
    "home.OtherPublicity.ward": STAYS,
    "home.EarlyRemoval.ward": STAYS,
    "subscriptions.SignUp.ward": "stays until it lapses",
    "subscriptions.Subscription.ward": "follows the buildings it names, else every successor",
    "core.AuditEvent.ward_id": STAYS,
    "core.AccessRecord.ward_id": STAYS,
    "core.ListRead.ward_id": STAYS,
    "core.CalendarDay.ward_code": "stays; the successor has its own days",
}
