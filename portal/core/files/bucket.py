"""Pictures and files of pages in a bucket."""

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class PagesBucket(S3Storage):
    """A private bucket: its addresses are the portal's own, which asks first who may see what (home.media)."""

    def url(self, name: str, *args, **kwargs) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)
