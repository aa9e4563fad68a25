"""What the editor of an announcement sees of its readers."""

from wagtail.admin.panels import Panel


class ReadershipPanel(Panel):
    """Reads, answers and what readers wrote."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/readership/panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk and self.instance.first_published_at)

        def get_context_data(self, parent_context=None) -> dict:
            from . import counting  # noqa: PLC0415 - it knows the pages, whose panels these are

            return {
                **super().get_context_data(parent_context),
                "figures": counting.figures([self.instance])[self.instance.pk],
                "comments": counting.comments(self.instance),
            }
