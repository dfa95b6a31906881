// Swagger UI on this server's own document. The token typed in stays in this browser until
// "Esquecer" is pressed.

// The document names tags in ASCII, for programs; here their titles are shown.
const titles = {
  statePlugins: {
    spec: {
      wrapSelectors: {
        taggedOperations: (original) => (...state) =>
          original(...state).mapKeys((name, tag) => tag.getIn(["tagDetails", "x-displayName"], name)),
      },
    },
  },
};

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#documentation",
  plugins: [titles],
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: true,
  validatorUrl: null,
});
