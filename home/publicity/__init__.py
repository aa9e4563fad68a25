"""Publicity as Luật Thực hiện dân chủ ở cơ sở (10/2022/QH15, art. 11–13) asks for it.

What the law obliges a ward to publish goes up within five working days of its decision and stays up
for thirty days on end, some of it for good; what was published, how and when is kept in a register.

* `rules`: by when, until when, and whether something may come down now;
* `guard`: holds them whenever a page is saved or deleted, by whatever way, and keeps the record;
* `actions`: what editors and leaders enter: other ways, and coming down early;
* `register`: the quarter's register, on the screen and as a file.
"""
