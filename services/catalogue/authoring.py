from wagtail import blocks


class SectionsStream(blocks.StreamBlock):
    pass


PapersStream = StepsStream = FeesStream = LegalBasisStream = ResultStream = SectionsStream
