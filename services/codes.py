"""`Code` is the machine contract: every `codigo` that a reply can carry, for the whole reply or for
one field of it."""

from enum import StrEnum, auto
from typing import Any, Self


class Code(StrEnum):
    """Every `codigo`, which is its name, with the sentence that the documentation shows for it."""

    about: str

    def __new__(cls, value: str, about: str) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.about = value, about
        return member

    @staticmethod
    def _generate_next_value_(name: str, *_: Any) -> str:
        return name

    # Replies
    REQUISICAO_INVALIDA = auto(), "A requisição está malformada ou chegou incompleta."
    JSON_MALFORMADO = auto(), "O corpo não é um JSON válido."
    CODIGO_INVALIDO = auto(), "O código de ativação não existe, já foi usado ou expirou."
    CURSOR_INVALIDO = auto(), "O cursor é de outra lista, de outros filtros ou de outra ordem."
    NAO_AUTENTICADO = auto(), "Falta o token."
    CREDENCIAIS_INVALIDAS = auto(), "E-mail ou senha incorretos."
    TOKEN_INVALIDO = auto(), "O token ou a chave não vale, ou não vale mais."
    PROIBIDO = auto(), "O papel de quem chama não permite."
    NAO_ENCONTRADO = auto(), "Não existe, ou não é seu."
    METODO_NAO_PERMITIDO = auto(), "O recurso não aceita este método."
    CONFLITO = auto(), "A operação conflita com o estado atual."
    EMAIL_JA_CADASTRADO = auto(), "O e-mail já tem uma conta."
    ULTIMO_GESTOR = auto(), "A equipe ficaria sem gestor ativo."
    LEAD_DUPLICADO = auto(), "Já há um lead com este documento, e-mail ou telefone."
    ID_EXTERNO_DUPLICADO = auto(), "Já há um lead com este id_externo."
    ETAPA_EM_USO = auto(), "Há leads em etapas que sairiam do funil ou mudariam de tipo."
    SEM_VENDEDOR_DISPONIVEL = (
        auto(),
        "Ninguém pode receber o lead: cada um está ausente, inativo ou com a capacidade cheia.",
    )
    REGRAS_JA_PUBLICADAS = auto(), "As regras já foram publicadas, e não mudam mais."
    REGRAS_EM_USO = auto(), "Os leads já são pontuados por esta versão."
    RASCUNHOS_DEMAIS = auto(), "A equipe já tem rascunhos de regras demais."
    FILA_CHEIA = auto(), "A equipe já tem trabalhos demais na fila."
    REVISAO_ABERTA = auto(), "O score do lead já tem uma revisão por decidir."
    REVISAO_DECIDIDA = auto(), "A revisão já foi decidida."
    SEM_RESERVA = auto(), "Quem chama não tem um lead reservado, ou a reserva acabou."
    TRABALHO_TERMINADO = auto(), "O trabalho já terminou."
    IMPORTACAO_EM_ANDAMENTO = auto(), "Outra importação da equipe ainda não terminou."
    IMPORTACAO_TERMINADA = auto(), "A importação já terminou."
    PREVIA_USADA = auto(), "O arquivo desta prévia já foi importado."
    PREVIA_EXPIRADA = auto(), "A prévia venceu, e seu arquivo não está mais guardado."
    IMPORTACAO_DESFEITA = auto(), "A importação já foi desfeita, ou está sendo."
    PRAZO_PARA_DESFAZER = auto(), "A importação terminou há tempo demais para ser desfeita."
    REQUISICAO_EM_ANDAMENTO = (
        auto(),
        "A primeira chamada com esta Idempotency-Key ainda não terminou.",
    )
    VERSAO_DESATUALIZADA = auto(), "O lead mudou desde o ETag enviado."
    CORPO_MUITO_GRANDE = auto(), "O corpo passa do limite."
    TIPO_NAO_SUPORTADO = auto(), "O Content-Type não é o esperado."
    VALIDACAO = auto(), "Há campos inválidos, cada um em erros."
    FILTRO_NECESSARIO = auto(), "A lista demorou demais; erros diz o filtro que falta."
    CHAVE_REUTILIZADA = auto(), "A Idempotency-Key já foi usada com outra requisição."
    SEGREDO_NAO_REPETIDO = (
        auto(),
        "A chamada já foi atendida, e seu segredo não é mostrado de novo.",
    )
    ARQUIVO_INVALIDO = auto(), "O arquivo não pode ser lido."
    MUITAS_REQUISICOES = auto(), "Houve tentativas demais; espere Retry-After segundos."
    ERRO_INTERNO = auto(), "O servidor falhou."
    BANCO_INDISPONIVEL = auto(), "O banco de dados não responde; espere Retry-After segundos."
    SERVIDOR_OCUPADO = auto(), "Outros vieram antes; espere Retry-After segundos."
    GRAVACAO_EM_ANDAMENTO = (
        auto(),
        "Uma gravação longa da equipe ainda não terminou; espere Retry-After segundos.",
    )
    # Fields and lines
    OBRIGATORIO = auto(), "Falta o campo, ou está em branco."
    CAMPO_DESCONHECIDO = auto(), "O campo ou parâmetro não existe."
    TIPO_INVALIDO = auto(), "O valor é de outro tipo."
    VALOR_INVALIDO = auto(), "O valor não é um dos aceitos."
    FORA_DA_FAIXA = auto(), "O número passa dos limites."
    CURTO_DEMAIS = auto(), "O texto é curto demais."
    LONGO_DEMAIS = auto(), "O texto ou a lista é longa demais."
    REPETIDO = auto(), "O parâmetro ou a parte veio mais de uma vez."
    TEXTO_INVALIDO = auto(), "Há caracteres que não são texto."
    EMAIL_INVALIDO = auto(), "Não é um endereço de e-mail."
    TELEFONE_INVALIDO = auto(), "Não é um número de telefone."
    DOCUMENTO_INVALIDO = auto(), "Não é um CPF nem um CNPJ."
    DATA_INVALIDA = auto(), "Não é uma data, ou falta o fuso."
    SENHA_CURTA = auto(), "A senha é curta demais."
    SENHA_FRACA = auto(), "A senha é fácil de adivinhar."
    SENHA_INCORRETA = auto(), "A senha atual não é esta."
    ETAPA_INEXISTENTE = auto(), "A equipe não tem esta etapa."
    USUARIO_INEXISTENTE = auto(), "A equipe não tem este usuário ativo."
    MOTIVO_OBRIGATORIO = auto(), "Um lead perdido precisa de motivo_perda."
    DUPLICADO_NO_ARQUIVO = auto(), "Outra linha do arquivo é do mesmo lead."
    IDENTIDADE_DIVERGENTE = (
        auto(),
        "O lead encontrado por um dado tem outro documento ou id_externo.",
    )
    LEAD_FECHADO = auto(), "O lead está fechado; só reabrir=1 o abre de novo."
    SEM_MUDANCA = auto(), "O lead já tem o que a linha diz."
    COLUNAS_DEMAIS = auto(), "A linha tem colunas a mais ou a menos que o cabeçalho."
