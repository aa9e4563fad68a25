"""What Wagtail offers to be done with a page: nothing that the editors' admin shuts."""

from wagtail.models import PagePermissionTester


class PortalPagePermissions(PagePermissionTester):
    """Moving, copying and sorting are the operator's; pages are public, and a ward's home and list stay up."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        # Lists ask this of every row: what has no pages below it needs no look at the tree.
        someone = self.user.is_active and not self.user.is_superuser
        if someone and self.page.is_leaf() and "change" in self.permissions:
            return "publish" in self.permissions or not self.page.live
        return super().can_delete(ignore_bulk=ignore_bulk)

    def can_move(self) -> bool:
        return self.user.is_superuser and super().can_move()

    def can_copy(self) -> bool:
        return self.user.is_superuser and super().can_copy()

    def can_reorder_children(self) -> bool:
        return self.user.is_superuser and super().can_reorder_children()

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return (self.page.comes_down or self.user.is_superuser) and super().can_unpublish()
