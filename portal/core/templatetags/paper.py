"""What documents print: `{% load paper %}` in templates/pdf/."""

from django import template

from portal.core import vietnamese
from portal.core.pdf import qr_data_uri

register = template.Library()

register.filter("official_date", vietnamese.official_date)
register.filter("official_number", vietnamese.official_number)
register.filter("date_in_words", vietnamese.date_in_words)
register.filter("amount_in_words", vietnamese.amount_in_words)
register.filter("agency_lines", vietnamese.agency_lines)
register.filter("qr_code", qr_data_uri)
