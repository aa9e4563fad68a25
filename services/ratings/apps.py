from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "services.ratings"
    verbose_name = "đánh giá"
