"""Names of fields as teams and public data sets write them, with what is said of each."""

PROTECTED = tuple(
    "sexo|Sexo|sexos|SEXO|sexo_cliente|sexocliente|tp_sexo|tpSexo|cd_sexo|sexo2|is_male|male|"
    "female|Female|homem|mulher|mulheres|genero|generos|Gênero|id_genero|idGenero|genero_cliente|"
    "gender|Gender|CODE_GENDER|customer_gender|customergender|Sex|sex_code|sexualidade|sexual|"
    "opcao_sexual|orientação sexual|orientacaoSexual|transgenero|gay|lgbt|homossexual|"
    "estadocivil|estado_civil|EstadoCivil|EstadoCivilIBGE|ds_estado_civil|civil|est_civil|"
    "estado civil|maritalstatus|marital-status|MaritalStatus|Marital_Status|marital|"
    "personal_status|NAME_FAMILY_STATUS|solteiro|solteira|viuvo|viúva|casado|is_married|divorciado|"
    "conjuge|spouse_income|filhos|num_filhos|qtd_filhos|filhos_menores|CNT_CHILDREN|children|"
    "raca|racas|dsRaca|raça/cor|raca_cor|race|Race|cor|Cor|cor_pele|cor_da_pele|corDaPele|"
    "cor_cliente|skin_color|etnia|etnias|ethnicity|ethnic_group|religiao|religiões|"
    "religiao_titular|"
    "religion|religious_affiliation|credo|crenca|igreja|evangelico|evangélica|católico|"
    "partidario|partido|filiado|filiacao|filiacao_partidaria|sindicato|union_member|"
    "posicao_politica|nacionalidade|nationality|naturalidade|cidadania|citizenship|ancestry|"
    "native-country|native_country|country_of_birth|birth_country|birthplace|uf_nascimento|"
    "pais_nascimento|cidade_nascimento|estadoNascimento|local_de_nascimento|foreign_worker|"
    "estrangeiro|imigrante|saude|health|health_status|hiv|cid|CID10|cid_principal|doencas|"
    "diagnostico|gravidez|gravida|gestante|pregnant|pregnancy|cadeirante|pne|pcd|PCD|deficiente|"
    "deficiencia|tem_deficiencia|disability|disabilities|autista|fumante|smoker|smoking_status|"
    "tabagista|biometria|indigena|quilombola|pronome|cor da pele|identidadegenero|gender_identity|"
    "corraca|"
    "situacao_conjugal|uniao_estavel|relationship_status|filhosmenores|numberofchildren|num_kids|"
    "religiosidade|sindicalizado|partidopolitico|politicalparty|refugiado|etnico|healthstatus|"
    "saudemental|doenca_cronica|deficientefisico|smokes|hipertensao|nao_binario|Sexo(M/F)".split(
        "|"
    )
)
PERSONAL = tuple(
    "CPF|cpf|2 cpf|cpf_cliente|numCpf|rg|cnpj|nome|name|nome_cliente|nomeCompleto|nomecliente|"
    "nome da mãe|Surname|sobrenome|email|e-mail|emailCliente|email_address|telefone|Telefone 2|"
    "celular|phone|phone_number|PhoneNumber|whatsapp|mae|instagram|ssn|passaporte|nomemae|mothername|nome_do_pai|titulo_eleitor".split(
        "|"
    )
)
FREE_TEXT = tuple("observação|obs2|observacoes|nota|comment|descricao|message".split("|"))
AGE = tuple(
    "idade|idades|Age|age|AGE|ages|agegroup|age_group|AgeRange|idadecliente|idade_cliente|"
    "idadeCliente|faixaetaria|faixa_etaria|FaixaEtaria|data_nascimento|datanascimento|dtnascimento|"
    "dt_nasc|dataNascimento|ano_nascimento|nascido_em|birthDate|DAYS_BIRTH|Year_Birth|"
    "date_of_birth|"
    "dob|aniversario|SeniorCitizen|idade_titular_conta|age_in_years|idadeanos|ageband".split("|")
)
PLACE = tuple(
    "cep|CEP|CEPResidencial|cepCliente|zip|zip_code|ZipCode|codpostal|cod_postal|código postal|"
    "postcode|bairro|bairros|bairro_cliente|neighborhood|endereco|endereço residencial|address|rua|"
    "logradouro|latlong|lat|lng|latitude|Longitude|coordenadas|distrito|nome_bairro|nomebairro|setor_censitario".split(
        "|"
    )
)
FREE = tuple(
    # whose letters hold a short word that is refused
    "mensagens_enviadas|parcela|parcelas|quantidade_parcelas|carteira|categoria|porcentagem|origem|"
    "cidade|validade_cartao|validade|quantidade|atividade|unidade|localidade|capacidade|facilidade|"
    "mensalidade|modalidade|especialidade|finalidade|prioridade|velocidade|publicidade|necessidade|"
    "passageiros|vantagem|viagem|garagem|package|page|page_views|percentage|average|usage|mortgage|"
    "storage|coverage|language|sexta|sexta_feira|homologado|raciocinio|"
    "corretor|corretora|corrida|concorrente|recorrencia|acordo|graca|decoracao|decor|score|placebo|"
    "acid|acidente|incidencia|residencia|decidido|filial|perfil|filtro|sindicancia|sindico|"
    "afiliado|"
    "gravidade|gravidade_sinistro|secretaria|proprietaria|monetaria|tecnico|magnetico|generico|"
    "genericos|general|generous|agenda|agencia|agente|calendario|compartilhado|repartido|terraco|"
    "racional|trace_id|brace|grace_period|transacao|transporte|translado|regiao|registro|urgencia|"
    "telefonema|latencia|plataforma|platform|relatorio|colateral|excepcional|recepcao|conceito|"
    "grua|zipado|geral|geografia|Geography|carga|margem|embalagem|curso|curriculo|"
    "nomenclatura|denominacao|renomeado|emprego|pessoas|casa|casa_propria|casaco|construcao_civil|"
    "engenharia_civil|responsabilidade_civil|internacional|nacional|"
    # of things, not of people
    "cor_veiculo|cor_carro|corVeiculo|cor do carro|genero_musical|genero_filme|raca_cachorro|"
    "Vehicle_Age|idade_veiculo|idade_do_imovel|OWN_CAR_AGE|account_age|nome_do_plano|nomePlano|"
    "nome_produto|product_name|tem_email|FLAG_EMAIL|Do Not Email|aceita whatsapp|PhoneService|"
    "politica_credito|foreign_exchange|NAME_CONTRACT_TYPE|NAME_INCOME_TYPE|pais|uf|estado|"
    "status_da_conta|"
    # of public data sets
    "workclass|education|education-num|occupation|capital-gain|capital-loss|hours-per-week|fnlwgt|"
    "job|default|balance|housing|loan|contact|pdays|previous|poutcome|campaign|emp.var.rate|"
    "cons.price.idx|euribor3m|nr.employed|checking_status|credit_history|purpose|credit_amount|"
    "savings_status|employment|installment_commitment|other_parties|residence_since|"
    "property_magnitude|other_payment_plans|existing_credits|num_dependents|tenure|InternetService|"
    "OnlineSecurity|StreamingTV|Contract|PaperlessBilling|PaymentMethod|MonthlyCharges|"
    "TotalCharges|"
    "AMT_INCOME_TOTAL|AMT_CREDIT|AMT_ANNUITY|FLAG_OWN_CAR|FLAG_OWN_REALTY|OCCUPATION_TYPE|"
    "EXT_SOURCE_1|ORGANIZATION_TYPE|REGION_RATING_CLIENT|CreditScore|NumOfProducts|HasCrCard|"
    "IsActiveMember|EstimatedSalary|Driving_License|Region_Code|Previously_Insured|Vehicle_Damage|"
    "Annual_Premium|Policy_Sales_Channel|Vintage|Lead Origin|Lead Source|Do Not Call|TotalVisits|"
    "Total Time Spent on Website|Page Views Per Visit|Last Activity|Specialization|Tags|"
    "Lead Quality|"
    "renda familiar|ganho_mensal|profissao|Profissão|produto|plano|canal|segmento|valor_credito|"
    "ano_do_veiculo|dia_vencimento|escolaridade|nome_cidade|tempo_empresa|faturamento|porte|cargo|setor".split(
        "|"
    )
)
ODD = (
    # Paths: the whole of them tells.
    *("dono.sexo", "produto.nome", "casa.tipo", "tem.email", "estado.x.civil", "a.b.mae"),
    "",
    "  ",
    "ção",
    "2",
    "estado",
    "cores",
    "mes",
    "status",
    "_",
    "-",
    "ABCDefGhi",
    "ÉtniaÇ",
    "x\ny",
)
EVERY = (*PROTECTED, *PERSONAL, *FREE_TEXT, *AGE, *PLACE, *FREE, *ODD)
