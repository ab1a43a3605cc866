//! Canned responses: texts that agents put into their answers by a short code.

pub mod store;

use model::canned::CannedResponse;
use model::content::MAX_ATTACHMENTS;
use model::{AccountId, AuditSubject, CannedId, ErrorCode, Permission, StoredFileId};

use crate::audit::{self, Entry};
use crate::event::Event;
use crate::search::fold;
use crate::{Ctx, Error, Result, input, stored_file};

/// Under which name they are given.
const FILES: &str = "blob_ids";
const MAX_CODE: usize = 60;
const MAX_CONTENT: usize = 20_000;
/// Most texts of an account.
const MOST: i64 = 5_000;

/// A text as it is written.
#[derive(Debug, Clone)]
pub struct CannedInput {
    pub short_code: String,
    pub content: String,
    pub files: Vec<StoredFileId>,
}

/// The texts in which something is found: codes that begin with it first, then codes that hold it, then contents. All without a search.
pub async fn list(ctx: &Ctx, search: Option<&str>) -> Result<Vec<CannedResponse>> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let all = with_files(ctx, agent.account_id, store::list(ctx.db(), agent.account_id, MOST).await?).await?;
    let wanted = fold(search.unwrap_or_default().trim());
    if wanted.is_empty() {
        return Ok(all);
    }
    let mut found: Vec<(u8, CannedResponse)> =
        all.into_iter().filter_map(|canned| Some((rank(&canned, &wanted)?, canned))).collect();
    // Within a rank they stay in the order of their codes.
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, canned)| canned).collect())
}

fn rank(canned: &CannedResponse, wanted: &str) -> Option<u8> {
    let code = fold(&canned.short_code);
    if code.starts_with(wanted) {
        return Some(0);
    }
    if code.contains(wanted) {
        return Some(1);
    }
    fold(&canned.content).contains(wanted).then_some(2)
}

/// One text.
pub async fn get(ctx: &Ctx, id: CannedId) -> Result<CannedResponse> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let row = store::get(ctx.db(), agent.account_id, id).await?.ok_or_else(Error::not_found)?;
    with_files(ctx, agent.account_id, vec![row]).await?.pop().ok_or_else(Error::not_found)
}

async fn with_files(ctx: &Ctx, account: AccountId, rows: Vec<store::Row>) -> Result<Vec<CannedResponse>> {
    let ids: Vec<StoredFileId> = rows.iter().flat_map(|row| row.files.0.iter().copied()).collect();
    let files = stored_file::list(ctx, account, &ids).await?;
    let shown = |row: store::Row| CannedResponse {
        id: row.id,
        short_code: row.short_code,
        content: row.content,
        files: row.files.0.iter().filter_map(|id| files.iter().find(|file| file.id == *id).cloned()).collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// A new text.
pub async fn create(ctx: &Ctx, new: CannedInput) -> Result<CannedResponse> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditCannedResponses)?;
    let new = checked(new)?;
    let mut work = ctx.begin().await?;
    if store::count(&mut work.tx, agent.account_id).await? >= MOST {
        return Err(Error::code(ErrorCode::TooMany));
    }
    let now = work.now;
    let id = store::insert(&mut work.tx, agent.account_id, &new, now).await?;
    stored_file::claim(&mut work.tx, agent.account_id, &new.files, FILES).await?;
    audit::record(&mut work, agent.account_id, Entry::created(AuditSubject::CannedResponse, id, &new.short_code));
    work.record(agent.account_id, Event::LibraryChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Writes a text anew.
pub async fn update(ctx: &Ctx, id: CannedId, change: CannedInput) -> Result<CannedResponse> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditCannedResponses)?;
    let change = checked(change)?;
    let known = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::update(&mut work.tx, agent.account_id, id, &change, now).await? == 0 {
        return Err(Error::not_found());
    }
    let before: Vec<StoredFileId> = known.files.iter().map(|file| file.id).collect();
    let gone: Vec<StoredFileId> = before.iter().copied().filter(|file| !change.files.contains(file)).collect();
    stored_file::claim(&mut work.tx, agent.account_id, &change.files, FILES).await?;
    stored_file::release(&mut work.tx, agent.account_id, &gone).await?;
    let entry = Entry::updated(AuditSubject::CannedResponse, id, &change.short_code)
        .change("short_code", known.short_code, &change.short_code)
        .change("content", known.content, &change.content)
        .change("files", before, &change.files);
    audit::record(&mut work, agent.account_id, entry);
    work.record(agent.account_id, Event::LibraryChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Deletes a text.
pub async fn delete(ctx: &Ctx, id: CannedId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditCannedResponses)?;
    let known = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, agent.account_id, id).await? == 0 {
        return Err(Error::not_found());
    }
    let files: Vec<StoredFileId> = known.files.iter().map(|file| file.id).collect();
    stored_file::release(&mut work.tx, agent.account_id, &files).await?;
    audit::record(&mut work, agent.account_id, Entry::destroyed(AuditSubject::CannedResponse, id, &known.short_code));
    work.record(agent.account_id, Event::LibraryChanged);
    work.commit().await
}

fn checked(new: CannedInput) -> Result<CannedInput> {
    let content = input::optional_lines("content", &new.content, MAX_CONTENT)?;
    let mut files = new.files;
    files.sort_unstable();
    files.dedup();
    if content.is_empty() && files.is_empty() {
        return Err(Error::field("content", ErrorCode::Required));
    }
    if files.len() > MAX_ATTACHMENTS {
        return Err(Error::field(FILES, ErrorCode::TooManyFiles));
    }
    Ok(CannedInput { short_code: code(&new.short_code)?, content, files })
}

/// Without the `/` it is called with; spaces become `-`, because a space ends a code while it is typed.
fn code(text: &str) -> Result<String> {
    let code = text.trim().trim_start_matches('/').split_whitespace().collect::<Vec<_>>().join("-");
    input::line("short_code", &code, MAX_CODE)
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::*;
    use crate::message::attachment::Upload;
    use crate::testing;

    fn input(short_code: &str, content: &str) -> CannedInput {
        CannedInput { short_code: short_code.to_owned(), content: content.to_owned(), files: Vec::new() }
    }

    fn codes(found: Vec<CannedResponse>) -> Vec<String> {
        found.into_iter().map(|canned| canned.short_code).collect()
    }

    #[test]
    fn codes_have_a_form() {
        assert_eq!(code(" /Bom  dia ").unwrap(), "Bom-dia");
        for wrong in ["", " / ", "a\u{7}"] {
            assert!(code(wrong).is_err(), "{wrong}");
        }
    }

    db::db_test! {
        async fn texts_are_found_by_code_before_content(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let agent = testing::member(&admin, "bia@example.com", Role::Agent).await;
            for (code, text) in [("pós-troca", "x"), ("troca", "Prazo de 7 dias"), ("prazo", "y"), ("ola", "sobre a TRÔCA")] {
                create(&agent, input(code, text)).await.unwrap();
            }
            assert_eq!(codes(list(&agent, Some("troca")).await.unwrap()), ["troca", "pós-troca", "ola"]);
            assert_eq!(codes(list(&agent, Some(" POS ")).await.unwrap()), ["pós-troca"]);
            assert_eq!(codes(list(&agent, Some("%")).await.unwrap()), [] as [&str; 0]);
            assert_eq!(list(&agent, None).await.unwrap().len(), 4);
        }

        async fn a_code_is_there_once_and_only_writers_write(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let ola = create(&admin, input("Olá", "Oi {{contact.name}}")).await.unwrap();
            assert_eq!(create(&admin, input("OLÁ", "b")).await.unwrap_err().known(), Some(ErrorCode::Taken));
            let other = create(&admin, input("tchau", "até")).await.unwrap();
            assert_eq!(update(&admin, other.id, input("olá", "b")).await.unwrap_err().known(), Some(ErrorCode::Taken));
            // Its own code in other capitals is no other code.
            assert_eq!(update(&admin, ola.id, input("OLÁ", "Oi")).await.unwrap().short_code, "OLÁ");
            assert_eq!(create(&admin, input("vazio", " ")).await.unwrap_err().known(), Some(ErrorCode::Required));

            let assistant = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
            assert_eq!(list(&assistant, None).await.unwrap().len(), 2);
            assert_eq!(get(&assistant, ola.id).await.unwrap().content, "Oi");
            let stranger = testing::another_account(&app, "leo@example.com").await;
            for (who, code) in [(&assistant, ErrorCode::Forbidden), (&stranger, ErrorCode::NotFound)] {
                assert_eq!(update(who, ola.id, input("a", "b")).await.unwrap_err().known(), Some(code));
                assert_eq!(delete(who, ola.id).await.unwrap_err().known(), Some(code));
            }
            assert!(list(&stranger, None).await.unwrap().is_empty());
            delete(&admin, ola.id).await.unwrap();
            assert_eq!(get(&admin, ola.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        }

        async fn files_come_with_a_text_and_go_with_it(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let file = async |name: &str| {
                let upload = Upload { file_name: name.to_owned(), content_type: "text/plain".to_owned(), bytes: name.to_owned().into() };
                stored_file::create(&admin, upload).await.unwrap()
            };
            let (guide, prices) = (file("guia.txt").await, file("precos.txt").await);
            let with = |files: &[StoredFileId]| CannedInput { files: files.to_vec(), ..input("guia", "Segue o guia") };
            let made = create(&admin, with(&[guide.id])).await.unwrap();
            assert_eq!(made.files, std::slice::from_ref(&guide));
            let changed = update(&admin, made.id, with(&[guide.id, prices.id])).await.unwrap();
            assert_eq!(changed.files.len(), 2);
            let assistant = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
            assert_eq!(list(&assistant, Some("guia")).await.unwrap()[0].files.len(), 2);
            let (facts, bytes) = stored_file::read(&assistant, guide.id).await.unwrap();
            assert_eq!((facts.name.as_str(), bytes.as_ref()), ("guia.txt", b"guia.txt".as_slice()));
            let stranger = testing::another_account(&app, "leo@example.com").await;
            assert_eq!(stored_file::read(&stranger, guide.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
            let refused = create(&stranger, CannedInput { files: vec![guide.id], ..input("a", "b") }).await.unwrap_err();
            assert_eq!(refused.known(), Some(ErrorCode::Invalid));
            // A text may be nothing but its file.
            update(&admin, made.id, CannedInput { content: String::new(), ..with(&[prices.id]) }).await.unwrap();
            delete(&admin, made.id).await.unwrap();
        }
    }
}
