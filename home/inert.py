"""Rich text reduced to a short list of harmless marks, whoever wrote it and however it came in.

The editors' screen already keeps to these marks. This holds for what a crafted request, a paste from
Word, an import or a command puts into a page: it is applied whenever a body is written down.
"""

from bs4 import NavigableString, Tag
from wagtail.whitelist import Whitelister, allow_without_attributes, attribute_rule, check_url

# What carries no words of the author: taken out with everything inside.
WORDLESS = {"script", "style", "xml", "head", "meta", "link", "object", "embed", "iframe", "svg", "math", "template"}


def _key(value: str) -> str | None:
    return value if value.isdecimal() else None


class InertMarkup(Whitelister):
    element_rules = {
        "[document]": allow_without_attributes,
        # `linktype` and `id` name a page or a file of the portal; whose it is, `editing.references` checks.
        "a": attribute_rule({"href": check_url, "linktype": str, "id": _key}),
    } | dict.fromkeys(("p", "br", "b", "strong", "i", "em", "ul", "ol", "li"), allow_without_attributes)

    def clean_tag_node(self, doc, tag: Tag) -> None:
        # Word writes `<o:p>` and `<w:sdt>`, whose words stay, and whole style sheets, which do not.
        if tag.name in WORDLESS:
            tag.decompose()
        else:
            super().clean_tag_node(doc, tag)

    def clean_string_node(self, doc, node: NavigableString) -> None:
        # Comments, processing instructions and CDATA: Word's conditional sections among them.
        if type(node) is not NavigableString:
            node.extract()


def inert(markup: str) -> str:
    return InertMarkup().clean(markup)
