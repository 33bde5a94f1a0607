// A file of its own, since the page allows no script within it.
window.SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger',
  deepLinking: true,
  persistAuthorization: false,
  syntaxHighlight: false,
});
