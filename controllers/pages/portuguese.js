// Swagger UI speaks English only. What it says around the document is put into Portuguese as it
// appears; the document's own texts, examples and code are left alone.
(() => {
  const WORDS = {
    // In three texts: Add, what, item.
    "Add": "Acrescentar",
    "item": "",
    "Authorize": "Autorizar",
    "Authorized": "Autorizado",
    "Available authorizations": "Autorização",
    "Cancel": "Cancelar",
    "Clear": "Limpar",
    "Close": "Fechar",
    "Code": "Situação",
    "Collapse all": "Recolher tudo",
    "Copied": "Copiado",
    "Curl": "Em curl",
    "Default value": "Padrão",
    "Description": "Descrição",
    "Details": "Detalhes",
    "Download": "Baixar",
    "Edit Value": "Editar",
    "Error": "Erro",
    "Errors": "Erros",
    "Example Description": "Sobre o exemplo",
    "Example Value": "Exemplo",
    "Examples": "Exemplos",
    "Execute": "Enviar",
    "Expand all": "Abrir tudo",
    "Failed to load API definition.": "O documento não pôde ser lido.",
    "Headers:": "Cabeçalhos:",
    "Links": "Em seguida",
    "Loading...": "Carregando…",
    "Logout": "Esquecer",
    "Media type": "Tipo",
    "Name": "Nome",
    "No links": "—",
    "No parameters": "Sem parâmetros",
    "Operation": "Operação",
    "Parameters": "Parâmetros",
    "Request URL": "Endereço",
    "Request body": "Corpo",
    "Request duration": "Duração",
    "Reset": "Desfazer",
    "Response body": "Corpo da resposta",
    "Response headers": "Cabeçalhos da resposta",
    "Responses": "Respostas",
    "Schema": "Esquema",
    "Schemas": "Esquemas",
    "Send empty value": "Enviar vazio",
    "Server response": "Resposta do servidor",
    "Servers": "Servidores",
    "Try it out": "Experimentar",
    "Type": "Tipo",
    "Undocumented": "Não documentada",
    "Value:": "Valor:",
  };
  const OWN = "pre, code, textarea, option, .renderedMarkdown, .opblock-summary";

  function translate(node) {
    const word = WORDS[node.nodeValue.trim()];
    if (word !== undefined && !node.parentElement.closest(OWN)) {
      node.nodeValue = node.nodeValue.replace(node.nodeValue.trim(), word);
    }
  }

  function translateWithin(root) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) translate(texts.currentNode);
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translate(change.target);
      for (const added of change.addedNodes) {
        if (added.nodeType === Node.TEXT_NODE) translate(added);
        else translateWithin(added);
      }
    }
  }).observe(document.getElementById("documentation"), {
    subtree: true,
    childList: true,
    characterData: true,
  });
})();
