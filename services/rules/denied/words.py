"""The words that refuse a name, and those beside which they mean something else.

A stem is long and means one thing: it may stand anywhere in a word. A short word is found in too
many others (cid in cidade, age in page): it stands alone, in the plural, or glued to a word that
only says of whom or of what kind (sexocliente, tpsexo). A whole word stands as it is.
A `_` in a stem is the end of a word, or nothing.
"""

from dataclasses import dataclass

from services.rules.denied.refusals import AGE, FREE_TEXT, PERSONAL, PLACE, PROTECTED, Refusal

# What is glued to a short word without changing what it means.
AFFIXES = (
    "tp tipo type ds desc dsc cd cod codigo code id ind fl flag flg nm num nr no qt qtd dt data "
    "date year ano vl is faixa range group grupo status value completo completa principal "
    "cliente clientes client customer pessoa person titular user usuario comprador proponente "
    "segurado contato contact aluno paciente socio residencial comercial "
    "nome name anos years home menores numero number of quantidade qtde total tem has possui "
    "biologico legal social"
)
_PEOPLE = (
    "cliente clientes client customer pessoa person titular comprador buyer proponente segurado "
    "contato contact aluno student paciente patient socio owner applicant motorista driver "
    "funcionario employee conjuge spouse pele skin"
)
_THINGS = (
    "veiculo vehicle carro car moto imovel property casa house conta account empresa company "
    "contrato contract apolice policy divida debt credito credit maquina machine produto product"
)
_LOOKS = (
    "roupa tecido camisa tinta parede olho tela fundo botao site tema logo capa embalagem celular "
    "aparelho aviao bicicleta cachorro gato pet animal cao dog cat"
)
_ARTS = (
    "musical musica music filme film movie livro book literario literature jogo game textual "
    "cinema "
    "alimenticio alimenticios"
)
_WHETHER = (
    "tem possui has is aceita accepts nao not no do opt valido valid flag permite recebe qtd qtde "
    "quantidade count total enviados abertos opened sent clicks marketing newsletter service "
    "services servico suporte support plan"
)
_NAMED = (
    "produto product campanha campaign plano plan loja store banco bank empresa company curso "
    "course evento event anuncio ad formulario form pagina page fonte source canal channel "
    "contract "
    "contrato education income housing seller goods portfolio yield bairro rua cidade estado uf "
    "pais city street"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`beside`: words next to which the name means a thing, unless a person is named too."""

    refusal: Refusal
    short: str = ""
    stems: str = ""
    whole: str = ""
    beside: str = ""
    people: str = ""


KINDS = (
    Kind(
        PROTECTED,
        "sexo sex gender religiao religioes religion religious religioso crenca credo igreja "
        "church casado casada solteiro solteira viuvo viuva divorciado divorciada desquitado "
        "married divorced widow widowed widower conjuge spouse esposa esposo wife husband gay gays "
        "lesbica lgbt lgbtq queer hiv doenca disease illness pcd pne gravida gestante autista "
        "autistic autismo fumante smoker smoking smoke smokes teen etnico etnica health saude "
        "tabagista tabagismo filho filha children kid "
        "filiado filiada filiacao sindicato sindical union partido partidario politico "
        "political indigena quilombola pronome pronoun pele skin imigrante male female homem "
        "homens mulher mulheres masculino feminino etnia ethnic disabled evangelico evangelica "
        "catolico catolica protestante espirita judeu muslim christian cadeirante deficiente",
        "religiao religio situacao_conjugal conjugal uniao_estavel relationship_status sindicaliz "
        "partido_polit political_part evangelic catolic deficiente gestante cadeirante "
        "afrodescend refugia refugee hipertens saude_mental cor_raca nao_binari nonbinary "
        "non_binary identidade_de_genero identidade_genero gender_identity estado_civi est_civi "
        "maritalst marital_ civil_status personal_status family_status "
        "familystatus sexual homossex heterossex bissex transgen transex travesti ethnicit etnico "
        "racial cor_da_pele cor_pele skin_color nacionalidad nationalit native_countr "
        "naturalidad birthplace place_of_birth estrangeir imigra immigra ancestr ancestral "
        "cidadania citizenship genetic biometri deficienci disabilit diagnos pregnan gravidez "
        "candomble umband tabagis diabet quilombol religios country_of_origin",
        "trans cid dna civil marital child woman women man men bmi imc negro negra "
        "tabaco cancer orientacao orientation ethnicity politics",
        beside="construcao engenharia engenheiro codigo registro defesa responsabilidade protecao "
        "page screen device image tela pagina profissional vocacional credit european",
        people="estado est sexual",
    ),
    # Of a person, or of what has one too.
    Kind(
        PROTECTED,
        "genero raca race",
        whole="cor",
        beside=f"{_THINGS} {_LOOKS} {_ARTS}",
        people=_PEOPLE,
    ),
    Kind(PROTECTED, whole="politica", beside=f"{_THINGS} privacidade preco comercial desconto"),
    Kind(
        PROTECTED,
        "foreign foreigner",
        beside="exchange currency trade",
        people="worker",
    ),
    Kind(
        PERSONAL,
        "cpf rg cnh cnpj passaporte passport ssn nis pis email mail telefone phone celular "
        "whatsapp sobrenome surname apelido nickname mae mother father facebook instagram "
        "linkedin twitter",
        beside=_WHETHER,
    ),
    Kind(
        PERSONAL,
        "nome name",
        stems="last_name first_name full_name titulo_eleitor titulo_de_eleitor",
        beside=_NAMED,
    ),
    Kind(
        FREE_TEXT,
        whole="observacao observacoes obs nota notas note notes comentario comentarios comment "
        "comments descricao description mensagem message anotacao anotacoes",
    ),
    Kind(
        AGE,
        "idade age ageband etaria etario nascimento nascido nascida birth birthday dob "
        "aniversario nasc "
        "idoso idosa",
        "birthda data_nasc dt_nasc",
        "born citizen",
        beside=_THINGS,
        people=_PEOPLE,
    ),
    Kind(
        PLACE,
        "cep zip zipcode postal postcode bairro distrito endereco address rua street logradouro "
        "avenida latitude longitude lat lng geo coordenada coordenadas latlong latlng",
        "cod_postal codigo_postal neighborhood neighbourhood lat_long geoloc setor_censit",
        "lon favela",
    ),
)
# Where somebody was born is their origin, not their age.
PLACES = (
    "uf pais cidade estado municipio local lugar country city state place region regiao "
    "naturalidade"
)
BORN = "nascimento nasc birth born nascido"
