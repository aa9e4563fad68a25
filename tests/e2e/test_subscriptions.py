"""A visitor on a small phone, without scripts, asks for announcements, gets one, and wants no more."""

import pytest

from portal.demo.people import OPERATOR, PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
ADDRESS = "ba-lan@thu.example"
TITLE = "Diễn tập thoát nạn ở Sen Hồng sáng thứ Bảy"


def letter(reader, subject: str):
    """The newest mail under this subject in the demo's mailbox, waited for."""
    reader.open(f"/hop-thu-thu/?q={ADDRESS}")
    mails = reader.page.locator(".inbox__notice").filter(has=reader.page.locator("h2", has_text=subject))
    return reader.wait_for(mails).first


def follow_in(mail, reader, address: str) -> None:
    """Open the link of a mail whose address begins so."""
    links = [link.get_attribute("href") for link in mail.get_by_role("link").all()]
    _host, found, rest = next(link for link in links if address in link).partition(address)
    reader.open(found + rest)


def publish(operator, title: str) -> None:
    """A new announcement of Việt Hưng, written and published in the editors' admin."""
    page = operator.page
    place = "/bien-tap/pages/1/"
    for name in ("Khu chung cư điện tử", "Phường Việt Hưng", "Thông báo"):
        page.goto(place)
        row = page.locator("tr", has=page.get_by_role("link", name=name, exact=True))
        place = row.locator("a[href$='/edit/']").first.get_attribute("href").removesuffix("edit/")
    page.goto(f"/bien-tap/pages/add/home/announcementpage/{place.strip('/').rpartition('/')[2]}/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=kind]").select_option("phong-chay")
    page.locator("[name=summary]").fill("Chuông báo cháy reo lúc 8 giờ 30. Đây là diễn tập.")
    page.locator("footer button[aria-expanded], footer [data-w-dropdown-target=toggle]").first.click()
    with page.expect_navigation():
        page.locator("[name=action-publish]").click()


def test_from_the_wards_page_to_the_mailbox_and_out_again(arrives):
    reader = arrives(width=360, script=False)
    reader.open("/viet-hung/")
    reader.follow("Nhận thông báo qua thư")
    reader.fill("Thư điện tử", "khong-phai-dia-chi")
    reader.press("Nhận thông báo")
    assert "Địa chỉ này chưa đúng" in reader.text
    reader.fill("Thư điện tử", ADDRESS)
    reader.tick("Chung cư Sen Hồng")
    reader.tick("Tôi đồng ý")
    reader.press("Nhận thông báo")
    assert reader.heading == "Hãy mở hộp thư của bạn"

    follow_in(letter(reader, "Xác nhận nhận thông báo"), reader, "/theo-doi/xac-nhan/")
    reader.press("Đúng, gửi thông báo cho tôi")
    assert reader.heading == "Bạn sẽ nhận thông báo"
    assert "Chung cư Sen Hồng" in reader.text

    operator = arrives()
    operator.sign_in(OPERATOR[0], PASSWORD)
    publish(operator, TITLE)

    mail = letter(reader, TITLE)
    assert "Bạn nhận thư này vì đã đăng ký" in mail.inner_text()
    follow_in(mail, reader, "/viet-hung/thong-bao/")
    assert reader.heading == TITLE

    follow_in(letter(reader, TITLE), reader, "/theo-doi/ngung/")
    assert "Phường Việt Hưng" in reader.text
    reader.press("Ngừng nhận thư")
    assert reader.heading == "Đã ngừng gửi thư"
    assert "Địa chỉ của bạn không còn được lưu" in reader.text
