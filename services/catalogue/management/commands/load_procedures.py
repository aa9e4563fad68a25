from django.core.management.base import BaseCommand, CommandError

from services.catalogue import shipped

WORDS = {
    shipped.Outcome.CREATED: "đã công bố",
    shipped.Outcome.CHANGED: "đã công bố phiên bản mới",
    shipped.Outcome.SAME: "không đổi",
    shipped.Outcome.EDITED: "người soạn đã sửa, giữ nguyên",
}


class Command(BaseCommand):
    help = "Loads the procedures shipped with the project. Run again, it changes only what its files changed."

    def handle(self, **options) -> None:
        for path in shipped.files():
            try:
                procedure = shipped.read(path)
                outcome = shipped.load(procedure)
            except Exception as error:
                raise CommandError(f"{path.name}: {error}") from error
            if options["verbosity"]:
                self.stdout.write(f"{procedure.definition.code} {procedure.definition.name}: {WORDS[outcome]}")
