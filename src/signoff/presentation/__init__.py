"""How things look and are said: the style sheet, the shared templates, words, amounts and dates.

Above the interfaces, so that portal and desk share one look without knowing each other.

`templates/signoff/base.html` is the page. An interface extends it once, with its own `nav` and
`foot_links`, and its pages extend that. Blocks: `title`, `title_prefix` ("Error:" when a form was
refused), `head`, `header`, `brand_href`, `brand_suffix`, `nav`, `back`, `content`, `footer`,
`foot_links`, `scripts`. A page with a part that refreshes itself includes `signoff/live.html` in
`head`. Parts to include: `signoff/components/` error_summary (form), timeline (entries),
pagination (page, query), messages; `{% load signoff %}` brings the filters and `{% tag %}`.
"""
