"""The table of permissions as people read it."""

from flask import render_template_string

from controllers.permissions import PERMISSIONS

_PAGE = """<!doctype html>
<html lang="pt-BR">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>FinLead API: permissões</title>
  <link rel="icon" href="/docs/favicon-32x32.png">
  <link rel="stylesheet" href="/docs/pages.css">
</head>
<body>
  <main class="page wide">
    <h1>Permissões</h1>
    <p>Primeiro o papel (403), depois a visibilidade (404): o que não é seu não existe.
    Outra equipe nunca aparece. É desta tabela que os guardas leem.</p>
    <table>
      <thead>
        <tr><th>Operação</th><th>Quem</th><th>O que alcança</th><th>Chave de API</th></tr>
      </thead>
      <tbody>
      {%- for operation, permission in permissions.items() %}
        <tr>
          <td><code>{{ operation }}</code></td>
          <td data-title="Quem">{{ permission.access.value }}</td>
          <td data-title="O que alcança">{{ permission.sees.value }}</td>
          <td data-title="Chave de API">{{ "sim" if permission.machines else "não" }}</td>
        </tr>
      {%- endfor %}
      </tbody>
    </table>
  </main>
</body>
</html>
"""


def render_permissions() -> str:
    return render_template_string(_PAGE, permissions=PERMISSIONS)
