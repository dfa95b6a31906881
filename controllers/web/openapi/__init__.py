"""/openapi.json, written from the contracts that serve the requests. OpenAPI 3.1."""

from controllers.web.openapi.document import document as document
