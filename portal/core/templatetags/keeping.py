"""`{% kept "name" ward … %}…{% endkept %}`: a part of a public page that is made once for everybody.

Kept until what is shown of the ward (without one: of the front page) changes. What follows the ward
tells apart pieces of the same name. Inside there is no request, person, message or token: whoever
writes one there gets nothing, not somebody else's.
"""

from django import template
from django.db.models import Model
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.translation import get_language

from portal.core import page_cache

register = template.Library()

OF_A_PERSON = ("request", "user", "perms", "messages", "csrf_token", "workplaces", "unread_notices", "form")


class Kept(template.Node):
    def __init__(self, nodelist: NodeList, name: str, ward: FilterExpression, others: list[FilterExpression]) -> None:
        self.nodelist, self.name, self.ward, self.others = nodelist, name, ward, others

    def render(self, context: template.Context) -> str:
        def make() -> str:
            flat = context.flatten()
            return self.nodelist.render(context.new({key: flat[key] for key in flat.keys() - OF_A_PERSON}))

        request = context.get("request")
        ward = self.ward.resolve(context)
        if request is None or (ward and not isinstance(ward, Model)):
            return make()
        subject = page_cache.ward(ward.pk) if ward else page_cache.FRONT
        key = (self.name, get_language(), *(other.resolve(context) for other in self.others))
        return page_cache.piece(request, subject, key, make)


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    _tag, name, ward, *others = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(
        nodelist, name.strip('"'), parser.compile_filter(ward), [parser.compile_filter(other) for other in others]
    )
