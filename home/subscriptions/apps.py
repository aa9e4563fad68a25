from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "home.subscriptions"
    verbose_name = "nhận thông báo"
