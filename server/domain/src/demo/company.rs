//! The company of the demo: an online shop for furniture and decoration, its people and its customers.

use model::Role;
use model::attribute::{AttributeKind, AttributeModel};

use super::dice::Dice;

/// Its name.
pub const NAME: &str = "Lume Casa";

/// Password of everybody in it.
pub const PASSWORD: &str = "Demo-2026!";

/// What the shop says to whoever writes first.
pub const GREETING: &str =
    "Oi! Recebemos a sua mensagem e já vamos responder. Nosso horário é de segunda a sábado, das 8h às 20h.";

/// Its time zone, and how far that is from UTC, in milliseconds. Brazil has had no summer time since 2019.
pub const TIMEZONE: &str = "America/Sao_Paulo";
pub const UTC_OFFSET: i64 = -3 * 60 * 60 * 1000;

/// Somebody who works there. The last field is the ending of words about them.
pub struct Agent {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Role,
    pub ending: &'static str,
}

/// A custom attribute; the pattern of a text with its hint.
pub struct Defined {
    pub model: AttributeModel,
    pub key: &'static str,
    pub name: &'static str,
    pub kind: AttributeKind,
    pub values: &'static [&'static str],
    pub pattern: Option<(&'static str, &'static str)>,
}

impl Defined {
    const fn new(model: AttributeModel, key: &'static str, name: &'static str, kind: AttributeKind) -> Self {
        Self { model, key, name, kind, values: &[], pattern: None }
    }
}

/// What the shop wants to know.
pub const ATTRIBUTES: &[Defined] = {
    use AttributeKind as K;
    use AttributeModel::{Contact, Conversation};
    &[
        Defined::new(Contact, "cidade", "Cidade", K::Text),
        Defined::new(Contact, "estado", "Estado", K::Text),
        Defined::new(Contact, "pedidos", "Pedidos", K::Number),
        Defined::new(Contact, "nascimento", "Data de nascimento", K::Date),
        Defined::new(Contact, "novidades", "Recebe novidades", K::Checkbox),
        Defined {
            pattern: Some((r"^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$", "Onze dígitos, com ou sem pontos: 123.456.789-09")),
            ..Defined::new(Contact, "cpf", "CPF", K::Text)
        },
        Defined::new(Conversation, "pedido", "Número do pedido", K::Number),
        Defined {
            values: &["Entrega", "Montagem", "Defeito", "Troca", "Outro"],
            ..Defined::new(Conversation, "motivo", "Motivo", K::List)
        },
        Defined::new(Conversation, "rastreio", "Rastreio", K::Link),
    ]
};

/// Everybody who works there; the first one set the installation up.
pub const AGENTS: [Agent; 8] = [
    Agent { name: "Marina Azevedo", email: "marina@lumecasa.example", role: Role::Administrator, ending: "a" },
    Agent { name: "Rafael Nogueira", email: "rafael@lumecasa.example", role: Role::Supervisor, ending: "o" },
    Agent { name: "Camila Duarte", email: "camila@lumecasa.example", role: Role::Agent, ending: "a" },
    Agent { name: "Thiago Moreira", email: "thiago@lumecasa.example", role: Role::Agent, ending: "o" },
    Agent { name: "Patrícia Lemos", email: "patricia@lumecasa.example", role: Role::Agent, ending: "a" },
    Agent { name: "Bruno Carvalho", email: "bruno@lumecasa.example", role: Role::Agent, ending: "o" },
    Agent { name: "Larissa Monteiro", email: "larissa@lumecasa.example", role: Role::Agent, ending: "a" },
    Agent { name: "Diego Farias", email: "diego@lumecasa.example", role: Role::Assistant, ending: "o" },
];

/// A place where customers write: name, site, colour, title, tagline, share of the conversations.
pub const INBOXES: [(&str, &str, &str, &str, &str, u64); 4] = [
    ("Loja", "https://lumecasa.example", "#b4532a", "Oi! 👋", "Fale com a Lume Casa. Respondemos em minutos.", 62),
    (
        "Central de ajuda",
        "https://ajuda.lumecasa.example",
        "#2a6fb4",
        "Central de ajuda",
        "Trocas, entregas e pagamentos.",
        22,
    ),
    (
        "Atacado",
        "https://atacado.lumecasa.example",
        "#3f7d58",
        "Para profissionais",
        "Arquitetos, hotéis e revendas.",
        6,
    ),
    ("Aplicativo", "https://app.lumecasa.example", "#7a4fb5", "Como podemos ajudar?", "Atendimento das 8h às 20h.", 10),
];

/// Departments, with the places of their members in [`AGENTS`].
pub const TEAMS: [(&str, &str, &[usize]); 4] = [
    ("atendimento", "Primeiro contato e dúvidas sobre produtos", &[0, 1, 2, 3, 6, 7]),
    ("logística", "Entregas e rastreamento", &[3, 5]),
    ("trocas e devoluções", "Trocas, devoluções e garantia", &[2, 4]),
    ("financeiro", "Pagamentos, estornos e notas fiscais", &[1, 5]),
];

/// Labels and their colours.
pub const LABELS: [(&str, &str, &str); 11] = [
    ("entrega", "Prazo, rastreio e endereço", "#2a6fb4"),
    ("troca", "Troca de produto", "#b4532a"),
    ("devolução", "Arrependimento e devolução", "#a8442a"),
    ("pagamento", "Boleto, cartão e Pix", "#3f7d58"),
    ("produto", "Medidas, cores e montagem", "#7a4fb5"),
    ("dúvida", "Antes da compra", "#4f6d7a"),
    ("reclamação", "Precisa de atenção", "#c43d3d"),
    ("elogio", "Para mostrar à equipe", "#d09a1f"),
    ("cupom", "Descontos e promoções", "#c2569b"),
    ("atacado", "Compras de profissionais", "#2f8f83"),
    ("vip", "Clientes frequentes", "#8a6d1d"),
];

/// Products: ending of words about it, name, price in reais. Furniture comes first.
pub const PRODUCTS: [(&str, &str, i64); 18] = [
    ("a", "mesa de jantar Jatobá", 1890),
    ("a", "cadeira Aurora", 359),
    ("o", "sofá retrátil Boa Vista", 2990),
    ("a", "estante Cubo", 799),
    ("a", "poltrona Canela", 1249),
    ("a", "cama box Sereno", 2190),
    ("a", "escrivaninha Norte", 699),
    ("o", "criado-mudo Vila", 399),
    ("a", "bancada Horta", 949),
    ("a", "luminária de piso Ipê", 489),
    ("o", "tapete Maré", 649),
    ("o", "jogo de panelas Serra", 529),
    ("a", "cortina blackout Noite", 219),
    ("o", "abajur Lua", 179),
    ("o", "kit de almofadas Litoral", 149),
    ("o", "espelho redondo Sol", 329),
    ("a", "colcha Algodão Cru", 289),
    ("o", "pendente Cobre", 269),
];

/// How many of the products are furniture.
pub const FURNITURE: usize = 9;

const COLOURS: [&str; 8] =
    ["areia", "terracota", "verde-oliva", "cinza", "off-white", "azul-petróleo", "nogueira", "mostarda"];

/// Cities with their states and area codes.
const CITIES: [(&str, &str, &str); 22] = [
    ("São Paulo", "SP", "11"),
    ("Campinas", "SP", "19"),
    ("Santos", "SP", "13"),
    ("Ribeirão Preto", "SP", "16"),
    ("Rio de Janeiro", "RJ", "21"),
    ("Niterói", "RJ", "21"),
    ("Belo Horizonte", "MG", "31"),
    ("Uberlândia", "MG", "34"),
    ("Curitiba", "PR", "41"),
    ("Londrina", "PR", "43"),
    ("Porto Alegre", "RS", "51"),
    ("Caxias do Sul", "RS", "54"),
    ("Florianópolis", "SC", "48"),
    ("Joinville", "SC", "47"),
    ("Salvador", "BA", "71"),
    ("Recife", "PE", "81"),
    ("Fortaleza", "CE", "85"),
    ("Natal", "RN", "84"),
    ("Brasília", "DF", "61"),
    ("Goiânia", "GO", "62"),
    ("Belém", "PA", "91"),
    ("Vitória", "ES", "27"),
];

const WOMEN: [&str; 34] = [
    "Ana", "Beatriz", "Carolina", "Débora", "Eduarda", "Fernanda", "Gabriela", "Helena", "Isabela", "Juliana",
    "Karina", "Letícia", "Luana", "Luciana", "Mariana", "Natália", "Olívia", "Paula", "Priscila", "Renata", "Sabrina",
    "Simone", "Tatiane", "Vanessa", "Vitória", "Yasmin", "Aline", "Bianca", "Cláudia", "Elaine", "Flávia", "Jéssica",
    "Mônica", "Sônia",
];

const MEN: [&str; 28] = [
    "André",
    "Antônio",
    "Caio",
    "Carlos",
    "Daniel",
    "Eduardo",
    "Felipe",
    "Fernando",
    "Gabriel",
    "Guilherme",
    "Gustavo",
    "Henrique",
    "Igor",
    "João",
    "José",
    "Leandro",
    "Leonardo",
    "Lucas",
    "Marcelo",
    "Márcio",
    "Mateus",
    "Otávio",
    "Paulo",
    "Pedro",
    "Ricardo",
    "Rodrigo",
    "Vinícius",
    "Wagner",
];

const SURNAMES: [&str; 36] = [
    "Almeida",
    "Alves",
    "Andrade",
    "Araújo",
    "Barbosa",
    "Barros",
    "Batista",
    "Cardoso",
    "Castro",
    "Costa",
    "Cruz",
    "Dias",
    "Fernandes",
    "Ferreira",
    "Freitas",
    "Gomes",
    "Lima",
    "Lopes",
    "Machado",
    "Martins",
    "Melo",
    "Mendes",
    "Miranda",
    "Moraes",
    "Nascimento",
    "Oliveira",
    "Pereira",
    "Pinto",
    "Ramos",
    "Ribeiro",
    "Rocha",
    "Santana",
    "Santos",
    "Silva",
    "Souza",
    "Teixeira",
];

/// A customer.
#[derive(Debug, Clone)]
pub struct Customer {
    pub first_name: &'static str,
    pub name: String,
    /// `o` or `a`.
    pub ending: &'static str,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub city: &'static str,
    pub state: &'static str,
    pub orders: i64,
    pub is_vip: bool,
}

/// A customer who is different for every number.
pub fn customer(dice: &mut Dice, number: usize) -> Customer {
    let is_woman = dice.percent(58);
    let first_name = if is_woman { *dice.pick(&WOMEN) } else { *dice.pick(&MEN) };
    let (middle, last) = (*dice.pick(&SURNAMES), *dice.pick(&SURNAMES));
    let name = if middle == last || dice.percent(45) {
        format!("{first_name} {last}")
    } else {
        format!("{first_name} {middle} {last}")
    };
    let (city, state, area) = *dice.pick(&CITIES);
    // The number makes addresses unique; with it in the middle nobody notices.
    let email = format!("{}.{}{number}@exemplo.example", plain(first_name), plain(last));
    let phone = format!("+55{area}9{:04}{:04}", dice.between(6000, 9999), number % 10_000);
    let orders = dice.between(0, 6) + if dice.percent(8) { dice.between(6, 25) } else { 0 };
    Customer {
        first_name,
        name,
        ending: if is_woman { "a" } else { "o" },
        email: dice.percent(86).then_some(email),
        phone: (number < 10_000 && dice.percent(62)).then_some(phone),
        city,
        state,
        orders,
        is_vip: orders > 10,
    }
}

/// Small letters without accents.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'á' | 'â' | 'ã' | 'à' => 'a',
            'é' | 'ê' => 'e',
            'í' => 'i',
            'ó' | 'ô' | 'õ' => 'o',
            'ú' => 'u',
            'ç' => 'c',
            other => other,
        })
        .collect()
}

/// One of the colours things come in.
pub fn colour(dice: &mut Dice) -> &'static str {
    dice.pick::<&str>(&COLOURS)
}

/// A city to deliver to.
pub fn city(dice: &mut Dice) -> &'static str {
    dice.pick(&CITIES).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_can_be_told_apart_and_reached() {
        let mut dice = Dice::new(1);
        let all: Vec<Customer> = (0..500).map(|number| customer(&mut dice, number)).collect();
        let mut emails: Vec<_> = all.iter().filter_map(|customer| customer.email.clone()).collect();
        let count = emails.len();
        emails.sort();
        emails.dedup();
        assert_eq!(emails.len(), count);
        assert!(emails.iter().all(|email| email.is_ascii() && !email.contains(' ')));
        assert!(all.iter().filter_map(|customer| customer.phone.as_ref()).all(|phone| phone.len() == 14));
    }
}
