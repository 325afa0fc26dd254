"""Finding a page by what one calls it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.portal.search_places import PLACES
from signoff.portal.search_rules import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Pages that fit the words; for no fit, all of them."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = find(query, PLACES)
    places = [(f"portal:{place.name}", place.title, place.about) for place in found or PLACES]
    context = {"query": query, "places": places, "found": bool(found)}
    return render(request, "portal/search.html", context)
