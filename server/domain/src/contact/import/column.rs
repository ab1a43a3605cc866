//! What the columns of a table are about, and what a row says by them.

use std::collections::BTreeSet;

use model::ErrorCode;
use model::attribute::AttributeDefinition;
use serde_json::{Map, Value};

use crate::contact::Facts;
use crate::{Error, Result};

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    Name,
    Email,
    Phone,
    Identifier,
    Company,
    City,
    Country,
    /// Labels to add, with commas or semicolons between them.
    Labels,
    /// A custom attribute by its key.
    Attribute(String),
    /// Numbers of ours from another table, why a row was not taken, and what spreadsheets leave empty at the end.
    Passed,
}

impl Column {
    /// Whether its cells have one line. More are the rest of a table behind a quote that was never closed.
    fn is_line(&self) -> bool {
        matches!(self, Self::Name | Self::Email | Self::Phone | Self::Identifier | Self::Passed)
    }
}

/// Words for columns beside the keys of attributes: as the API names them, and as they are called in the languages of the dashboard.
const WORDS: [(Column, &[&str]); 9] = [
    (Column::Name, &["name", "nome"]),
    (Column::Email, &["email", "e-mail"]),
    (Column::Phone, &["phone_number", "phone", "telefone"]),
    (Column::Identifier, &["identifier", "identificador"]),
    (Column::Company, &["company", "company_name", "empresa"]),
    (Column::City, &["city", "cidade"]),
    (Column::Country, &["country", "pais"]),
    (Column::Labels, &["tags", "labels", "etiquetas"]),
    (Column::Passed, &["id", REASONS, ""]),
];

/// The heading over the reasons why rows were not taken.
pub const REASONS: &str = "errors";

/// The headings of the template.
pub const TEMPLATE: [&str; 7] = ["name", "email", "phone_number", "identifier", "company", "city", "tags"];

/// Somebody made up, in the same order.
pub const EXAMPLE: [&str; 7] =
    ["Ana Souza", "ana.souza@example.com", "+5511987654321", "cliente-1", "Padaria Aurora", "São Paulo", ""];

/// What the headings of a table are about. Fails for those that nobody knows, twice the same, and where nothing says who somebody is.
pub fn of(headings: &[String], definitions: &[AttributeDefinition]) -> Result<Vec<Column>> {
    let mut columns: Vec<Column> = Vec::with_capacity(headings.len());
    let mut unknown = Vec::new();
    for heading in headings {
        match one(heading, definitions) {
            Some(column) if column == Column::Passed || !columns.contains(&column) => columns.push(column),
            _ => unknown.push(heading.as_str()),
        }
    }
    if !unknown.is_empty() {
        return Err(about_table(ErrorCode::UnknownColumns, Some(&unknown)));
    }
    let tells_who = |column: &Column| matches!(column, Column::Email | Column::Phone | Column::Identifier);
    if columns.iter().any(tells_who) { Ok(columns) } else { Err(about_table(ErrorCode::NobodyNamed, None)) }
}

/// An error about a table as a whole, with the words it is about.
pub fn about_table(code: ErrorCode, words: Option<&[&str]>) -> Error {
    model::Error::field(code, "import_file").with_detail(words.map(|words| words.join(", "))).into()
}

fn one(heading: &str, definitions: &[AttributeDefinition]) -> Option<Column> {
    let is_heading = |definition: &&AttributeDefinition| definition.key == heading;
    let word = crate::search::fold(heading).replace(' ', "_");
    let known = || WORDS.into_iter().find(|(_, words)| words.contains(&word.as_str())).map(|(column, _)| column);
    let attribute = || definitions.iter().find(is_heading).map(|definition| Column::Attribute(definition.key.clone()));
    // The account's own word for something comes first.
    attribute().or_else(known)
}

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub facts: Facts,
    pub labels: Vec<String>,
}

/// Reads a row. An empty cell erases what is known, but never by what somebody is found, nor labels.
pub fn said(columns: &[Column], cells: &[String]) -> Result<Said> {
    if cells.len() != columns.len()
        || columns.iter().zip(cells).any(|(column, cell)| column.is_line() && cell.contains('\n'))
    {
        return Err(Error::field("columns", ErrorCode::Invalid));
    }
    let mut said = Said::default();
    let (mut more, mut custom) = (Map::new(), Map::new());
    for (column, cell) in columns.iter().zip(cells) {
        let found_by = || Some(cell.clone()).filter(|cell| !cell.is_empty());
        match column {
            Column::Name => said.facts.name = Some(cell.clone()),
            Column::Email => said.facts.email = found_by(),
            Column::Phone => said.facts.phone_number = found_by(),
            Column::Identifier => said.facts.identifier = found_by(),
            Column::Company => drop(more.insert("company_name".to_owned(), cell.as_str().into())),
            Column::City => drop(more.insert("city".to_owned(), cell.as_str().into())),
            Column::Country => drop(more.insert("country".to_owned(), cell.as_str().into())),
            Column::Labels => said.labels = labels(cell).collect(),
            Column::Attribute(key) => drop(custom.insert(key.clone(), cell.as_str().into())),
            Column::Passed => {}
        }
    }
    let facts = &said.facts;
    if facts.email.is_none() && facts.phone_number.is_none() && facts.identifier.is_none() {
        return Err(Error::code(ErrorCode::NobodyNamed));
    }
    said.facts.additional_attributes = (!more.is_empty()).then_some(Value::Object(more));
    said.facts.custom_attributes = (!custom.is_empty()).then_some(Value::Object(custom));
    Ok(said)
}

/// The labels in a cell.
pub fn labels(cell: &str) -> impl Iterator<Item = String> {
    cell.split([',', ';']).map(|title| title.trim().to_lowercase()).filter(|title| !title.is_empty())
}

/// Labels that a table names and the account does not have.
pub fn unknown_labels<'t>(named: impl Iterator<Item = &'t str>, known: &[String]) -> BTreeSet<String> {
    named.flat_map(labels).filter(|title| !known.contains(title)).collect()
}
