//! Contacts from a table.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use domain::contact::import;
use model::contact_import::ContactImport;
use model::{ContactImportId, ErrorCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::{Form, Input};
use crate::api::caller::{Caller, Id};
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::seconds;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(import_contacts))
        .routes(routes!(list_imports))
        .routes(routes!(show_import))
        .routes(routes!(import_failures))
}

#[derive(Debug, Default, Deserialize)]
struct Nothing {}

impl Input for Nothing {
    const NAME: &'static str = "import";
}

#[derive(ToSchema)]
#[schema(as = ContactImportForm)]
#[expect(dead_code, reason = "only described; what arrives is read as a form")]
struct ImportForm {
    /// A CSV of up to 20 MB: headings `name`, `email`, `phone_number`, `identifier`, `company`, `city`, `country`, `tags` and keys of custom
    /// attributes.
    #[schema(value_type = String, format = Binary)]
    import_file: (),
}

/// How far an import is.
#[derive(Serialize, ToSchema)]
#[schema(as = ContactImport)]
struct Wire {
    id: i64,
    file_name: String,
    /// `running`, `done` or `stopped`.
    state: String,
    /// Rows of the table.
    total_records: i64,
    /// Rows that were looked at.
    processed_records: i64,
    created_records: i64,
    updated_records: i64,
    /// Rows that could not be taken.
    failed_records: i64,
    /// Unix seconds.
    created_at: i64,
}

impl From<ContactImport> for Wire {
    fn from(import: ContactImport) -> Self {
        Self {
            id: import.id.0,
            state: import.state.to_string(),
            total_records: import.total,
            processed_records: import.done(),
            created_records: import.created,
            updated_records: import.updated,
            failed_records: import.failed,
            created_at: seconds(import.created_at),
            file_name: import.file_name,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactImportList)]
struct List {
    payload: Vec<Wire>,
}

/// Takes contacts from a table: whoever is known by identifier, e-mail or phone number is updated, everybody else is created. The table is
/// looked at as a whole at once and read in the background. For administrators.
#[utoipa::path(post, path = "/contacts/import", tag = "contacts", request_body(content = ImportForm, content_type = "multipart/form-data"), responses((status = 200, body = Wire)))]
async fn import_contacts(Caller(ctx): Caller, form: Form<Nothing>) -> Answer<Wire> {
    let (_, files) = form.list("import_file");
    let file = files.into_iter().next().ok_or_else(|| Refusal::field("import_file", ErrorCode::Required))?;
    Ok(Json(import::start(&ctx, &file.file_name, &file.bytes).await?.into()))
}

/// The newest imports, the newest first.
#[utoipa::path(get, path = "/contacts/imports", tag = "contacts", responses((status = 200, body = List)))]
async fn list_imports(Caller(ctx): Caller) -> Answer<List> {
    Ok(Json(List { payload: import::list(&ctx).await?.into_iter().map(Wire::from).collect() }))
}

/// How far it is.
#[utoipa::path(get, path = "/contacts/imports/{import_id}", tag = "contacts", responses((status = 200, body = Wire)))]
async fn show_import(Caller(ctx): Caller, Id(id): Id<ContactImportId>) -> Answer<Wire> {
    Ok(Json(import::get(&ctx, id).await?.into()))
}

/// The rows that could not be taken, as a table with the reason in the column `errors`.
#[utoipa::path(get, path = "/contacts/imports/{import_id}/failures", tag = "contacts", responses((status = 200, body = String, content_type = "text/csv")))]
async fn import_failures(
    Caller(ctx): Caller,
    Id(id): Id<ContactImportId>,
) -> Result<([(HeaderName, HeaderValue); 2], String), Refusal> {
    let text = import::failures(&ctx, id).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"contacts.csv\"")),
    ];
    Ok((headers, text))
}
