"""One page of questions and papers while it is being filled in; a draft's and a supplement's alike."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from services.catalogue import answers as form_answers
from services.catalogue import lookups
from services.catalogue.definition import FieldSpec, Section
from services.catalogue.forms import SectionForm
from services.dossiers import filing
from services.dossiers.forms import PapersForm
from services.dossiers.models import Attachment, Dossier

UPLOAD, REMOVE = "tai-len", "bo"  # buttons that change papers and stay on the page


class Sheet:
    """A page's two forms: `form` for its questions, `papers` for its files.

    Files are kept as soon as they come, whatever else is wrong on the page.
    """

    def __init__(self, request: HttpRequest, dossier: Dossier, section: Section) -> None:
        self.request, self.dossier, self.section = request, dossier, section
        self.questions = [spec for spec in section.fields if spec.kind != filing.FILE]
        self.form = self._questions_form()
        self.papers = PapersForm(self.asked_papers, self.attached)

    @property
    def asked_papers(self) -> list[FieldSpec]:
        asked = form_answers.asked_answers(self.dossier.spec, self.dossier.answers)
        papers = form_answers.file_fields(self.section, asked)
        if not self.dossier.is_draft:  # the desk wants to see it, whatever a database said
            return papers
        return [lookups.as_asked(paper, self.dossier.answers) for paper in papers]

    @property
    def attached(self) -> dict[str, list[Attachment]]:
        wanted = {spec.key: [] for spec in self.asked_papers}
        for attachment in self.dossier.attachments.kept() if wanted else ():
            if attachment.field in wanted:
                wanted[attachment.field].append(attachment)
        return wanted

    @property
    def stays(self) -> bool:
        """Whether the pressed button only adds or removes something: a file, a row of a group."""
        return UPLOAD in self.request.POST or REMOVE in self.request.POST or self.form.rearranged

    def rows(self) -> Iterator[dict]:
        """What the template shows of each paper."""
        attached = self.attached
        for key in self.papers.fields:
            yield {"key": key, "field": self.papers[key], "files": attached.get(key, [])}

    def take(self, *, at: datetime, insist: bool = True) -> bool:
        """Keep what was sent: files first, then the answers. False when something is wrong.

        Without `insist` (the rest is for later, or the button only adds or removes) what is right
        is kept and nothing is said about what is missing. Raises NotEditable.
        """
        refused = self._take_files(at)
        self._remove_file(at)
        self.form = self._questions_form(self.request.POST)
        insist = insist and not self.stays
        answered = self.form.is_valid()
        if answered or not insist:
            self._save(self.form.answers(), whole=answered, at=at)
        self.papers = PapersForm(self.asked_papers, self.attached, self.request.POST)
        complete = self.papers.is_valid()
        if not insist:
            self.form.errors.clear()
            self.papers.errors.clear()
        for key, error in refused:
            if key in self.papers.fields:
                self.papers.errors.pop(key, None)
                self.papers.add_error(key, error)
        return not refused and (not insist or (answered and complete))

    def _save(self, answers: dict, *, whole: bool, at: datetime) -> None:
        """Of a page with mistakes only what was answered is saved; the rest stays as it was."""
        asked = self.questions if whole else [spec for spec in self.questions if answers.get(spec.key) is not None]
        if asked:
            self.dossier = filing.save_answers(self.dossier, asked, answers, by=self.request.user, at=at)

    def _questions_form(self, data=None):
        return SectionForm(
            self.section,
            definition=self.dossier.spec,
            answers=self.dossier.answers,
            user=self.dossier.owner,  # whose profile fills in what is known, whoever types
            data=data,
        )

    def _take_files(self, at: datetime) -> list[tuple[str, ValidationError]]:
        refused = []
        for spec in self.asked_papers:
            uploads = self.request.FILES.getlist(self.papers.add_prefix(spec.key))
            for number, upload in enumerate(uploads):
                # Files stand in the order they were chosen in, and order is by time.
                when = at + timedelta(microseconds=number)
                try:
                    filing.attach(self.dossier, spec, upload, by=self.request.user, at=when)
                except ValidationError as error:
                    refused.append((spec.key, error))
        return refused

    def _remove_file(self, at: datetime) -> None:
        wanted = self.request.POST.get(REMOVE, "")
        for files in self.attached.values():
            for attachment in files:
                if str(attachment.pk) == wanted:
                    filing.remove(attachment, by=self.request.user, at=at)
