"""The carrier's name, colour and logo: for templates, and as a style sheet of its own.

A style sheet, because the content security policy allows no style inside a page.
"""

import hashlib
import mimetypes
from functools import lru_cache

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from signoff.presentation.colour import brand_css, text_on

_KEEP = "public, max-age=31536000, immutable"


@lru_cache(maxsize=4)
def _versioned(colour: str) -> tuple[str, str]:
    css = brand_css(colour)
    return css, hashlib.sha256(css.encode()).hexdigest()[:12]


def branding(request: HttpRequest) -> dict[str, object]:
    """For every template: `brand.name`, `.css`, `.icon`, `.logo` and `.here`.

    `here` is where the language switch returns to: never to the answer of a POST.
    """
    config = settings.SIGNOFF
    _, version = _versioned(config.brand_colour)
    return {
        "brand": {
            "name": config.brand_name,
            "css": f"{reverse('brand_css')}?v={version}",
            "icon": f"{reverse('brand_icon')}?v={version}",
            "logo": reverse("brand_logo") if config.brand_logo else "",
            "here": request.get_full_path(),
        }
    }


@require_safe
def css(request: HttpRequest) -> HttpResponse:
    """The brand's colours. With its version in the address it may be kept for ever."""
    content, version = _versioned(settings.SIGNOFF.brand_colour)
    keep = _KEEP if request.GET.get("v") == version else "public, max-age=300"
    return HttpResponse(content, content_type="text/css", headers={"Cache-Control": keep})


@require_safe
def icon(_request: HttpRequest) -> HttpResponse:
    """The brand's first letter on its colour, for the tab of the browser."""
    colour, name = settings.SIGNOFF.brand_colour, settings.SIGNOFF.brand_name
    letter = name[:1] if name[:1].isalnum() else ""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{colour}"/>'
        f'<text x="16" y="23" font-family="sans-serif" font-size="20" font-weight="700" '
        f'text-anchor="middle" fill="{text_on(colour)}">{letter}</text></svg>'
    )
    return HttpResponse(drawing, content_type="image/svg+xml", headers={"Cache-Control": _KEEP})


@require_safe
def logo(_request: HttpRequest) -> FileResponse:
    """The operator's own picture. Raises Http404 if there is none."""
    path = settings.SIGNOFF.brand_logo
    if path is None or not path.is_file():
        raise Http404
    kind, _ = mimetypes.guess_type(path.name)
    return FileResponse(
        path.open("rb"), content_type=kind, headers={"Cache-Control": "public, max-age=3600"}
    )


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
