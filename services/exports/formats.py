"""The formats of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """`brazilian`: decimal commas, and days as 31/12/2025. `typed`: cells have types, so that no
    text of them is run."""

    suffix: str
    media: str
    delimiter: str = ","
    opening: str = ""
    brazilian: bool = False
    typed: bool = False


CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "csv": Format("csv", CSV),
    "excel": Format("csv", CSV, delimiter=";", opening="\ufeff", brazilian=True),
    "xlsx": Format("xlsx", XLSX, typed=True),
}
