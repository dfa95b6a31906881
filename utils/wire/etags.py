"""ETags that carry a version number, and the If-Match header that brings it back."""

import re

_MAX_HEADER = 1000
_VARIANT = re.compile(r"[A-Za-z0-9._~-]*")
_QUOTED = re.compile(r'"([^"]*)"')
# Eighteen digits stay within a bigint.
_OURS = re.compile(r"v(0|[1-9][0-9]{0,17})(?:-.*)?")


def version_etag(version: int, variant: str = "") -> str:
    """Return the quoted ETag of a version, '"v12"', or of one variant of it, '"v12-csv"'.

    Representations of one version that differ (by fields shown, by role) need ETags that
    differ, hence the variant. Raises ValueError for a negative version or a variant with
    other characters than letters, digits and ._~-
    """
    if version < 0 or not _VARIANT.fullmatch(variant):
        raise ValueError("invalid version or variant for an ETag")
    return f'"v{version}-{variant}"' if variant else f'"v{version}"'


def match_version(if_match_header: str) -> set[int] | None:
    """Return the versions that an If-Match header names; None stands for "*", any version.

    The variant does not matter, nor does the W/ that proxies put before an ETag when they
    compress. ETags of others are ignored, so a header without any of ours, or one longer
    than 1,000 characters, gives the empty set, which matches nothing.
    """
    if len(if_match_header) > _MAX_HEADER:
        return set()
    if if_match_header.strip() == "*":
        return None
    tags = (_OURS.fullmatch(tag) for tag in _QUOTED.findall(if_match_header))
    return {int(tag[1]) for tag in tags if tag}
