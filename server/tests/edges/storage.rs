//! Attachments in S3-compatible storage: from a message to the browser, through failures, backups and expired addresses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::s3::Storage;
use crate::support::{Answer, World, words};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use bytes::Bytes;
use domain::blob::Blobs;
use domain::clock::Clock;
use domain::job::{self, Job};
use domain::transfer::{self, Existing, Files, Key};
use domain::visitor::chat;
use domain::{App, Error, Settings, testing};
use futures::TryStreamExt as _;
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A picture that is large enough to get a small one beside it.
fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(1200, 800, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]))
        .write_to(&mut out, image::ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

/// Where the messages of a conversation are.
async fn begin(world: &World) -> String {
    let inbox = world.website(&[]).await;
    let visitor = world.visitor(&inbox).await;
    let said = chat::say(&visitor, words("Oi")).await.unwrap();
    format!("/conversations/{}/messages", said.message.display_id)
}

async fn send_file(world: &World, path: &str, name: &str, bytes: &[u8]) -> Answer {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nsegue\r\n".to_vec();
    body.extend(
        format!("--x\r\nContent-Disposition: form-data; name=\"attachments[]\"; filename=\"{name}\"\r\n\r\n").bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::post(world.path(path))
        .header("api_access_token", &world.admin_token)
        .header("content-type", "multipart/form-data; boundary=x");
    world.send(request.body(Body::from(body)).unwrap()).await
}

/// Follows an address as a browser does that has it from the API.
async fn open(world: &World, url: &Value, range: Option<&str>) -> Answer {
    let path = url.as_str().unwrap().replace("http://localhost:3000", "");
    let mut request = Request::get(path);
    if let Some(range) = range {
        request = request.header(header::RANGE, range);
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn files_are_kept_read_listed_and_removed_though_the_storage_stumbles() {
    let storage = Storage::start().await;
    let blobs = Blobs::open(&storage.url("")).unwrap();
    storage.fail(2);
    blobs.put("1/20000/a b", Bytes::from_static(b"0123456789")).await.unwrap();
    assert_eq!(storage.log().iter().map(|line| &line[line.len() - 3..]).collect::<Vec<_>>(), ["503", "503", "200"]);
    assert_eq!(storage.files()["files/1/20000/a b"], "0123456789");
    storage.fail(1);
    assert_eq!(blobs.get("1/20000/a b", None).await.unwrap(), "0123456789");
    assert_eq!(blobs.get("1/20000/a b", Some(2..5)).await.unwrap(), "234");
    let parts: Vec<Bytes> = blobs.stream("1/20000/a b", None).await.unwrap().try_collect().await.unwrap();
    assert_eq!(parts.concat(), b"0123456789");
    for number in 0..4 {
        blobs.put(&format!("2/{number}"), Bytes::from_static(b"x")).await.unwrap();
    }
    // A neighbour in the same bucket is not ours.
    Blobs::open(&storage.url_with("tE5t/Secret+Key=", "chat/files-of-others", ""))
        .unwrap()
        .put("3", Bytes::new())
        .await
        .unwrap();
    let mut keys: Vec<String> = blobs.list().try_collect().await.unwrap();
    keys.sort();
    assert_eq!(keys, ["1/20000/a b", "2/0", "2/1", "2/2", "2/3"]);
    storage.fail(1);
    blobs.delete("2/0").await.unwrap();
    blobs.delete("2/0").await.unwrap();
    assert_eq!(blobs.get("2/0", None).await.unwrap_err().known(), Some(model::ErrorCode::NotFound));
    assert_eq!(storage.files().len(), 5);
}

#[tokio::test]
async fn a_storage_that_does_not_let_us_in_says_why() {
    let storage = Storage::start().await;
    let put = async |url: String| match Blobs::open(&url).unwrap().put("a", Bytes::from_static(b"x")).await {
        Err(Error::Unavailable(why)) => why,
        other => unreachable!("{other:?}"),
    };
    let wrong_key = put(storage.url_with("another secret", "chat", "")).await;
    assert!(wrong_key.starts_with("the storage refuses the access key"), "{wrong_key}");
    assert!(!wrong_key.contains("another secret"), "{wrong_key}");
    let no_bucket = put(storage.url_with("tE5t/Secret+Key=", "nowhere/files", "")).await;
    assert!(no_bucket.starts_with("the bucket or folder does not exist"), "{no_bucket}");
    assert!(storage.files().is_empty());
    // Tried more than once, and not for ever.
    storage.fail(usize::MAX);
    storage.log();
    let down = put(storage.url("")).await;
    assert!(down.starts_with("the storage does not answer as it should"), "{down}");
    assert_eq!(storage.log().len(), 6);
}

db::db_test! {
    async fn a_file_goes_from_a_message_through_the_storage_to_the_browser(test: TestDb) {
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url(""), Clock::System).await;
        let path = begin(&world).await;
        let png = picture();
        let sent = send_file(&world, &path, "foto.png", &png).await.ok();
        assert_eq!(storage.files().len(), 1);
        assert!(storage.files().iter().all(|(key, bytes)| key.starts_with("files/1/") && *bytes == png));

        let url = &sent["attachments"][0]["data_url"];
        let whole = open(&world, url, None).await;
        assert_eq!((whole.status, header(&whole, "content-type")), (StatusCode::OK, "image/png"));
        assert!(whole.bytes == png);
        let part = open(&world, url, Some("bytes=100-199")).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
        assert!(part.bytes == png[100..200]);
        // Nobody learns where the storage is.
        assert!(!format!("{:?}{:?}", whole.headers, part.headers).contains(&storage.address.to_string()));

        job::runner::run_due(&world.app.system()).await.unwrap();
        assert_eq!(storage.files().len(), 2);
        let list = world.get(&path).await.ok();
        let file = &list["payload"][1]["attachments"][0];
        assert_ne!(file["thumb_url"], file["data_url"]);
        let small = open(&world, &file["thumb_url"], None).await;
        assert_eq!((small.status, header(&small, "content-type")), (StatusCode::OK, "image/jpeg"));
        assert!(small.bytes.len() < png.len());

        // A deleted message takes its files with it.
        world.delete(&format!("{path}/{}", sent["id"])).await.ok();
        assert_eq!(open(&world, url, None).await.status, StatusCode::NOT_FOUND);
        sweep(&world).await;
        assert!(storage.files().is_empty(), "{:?}", storage.files().keys());
    }

    async fn browsers_may_fetch_from_the_storage_itself_for_five_minutes(test: TestDb) {
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url("&direct=true"), Clock::System).await;
        let path = begin(&world).await;
        let html = b"<html><script>alert(1)</script></html>";
        let sent = send_file(&world, &path, "nota \u{e9}.html", html).await.ok();
        let redirect = open(&world, &sent["attachments"][0]["data_url"], None).await;
        assert_eq!(redirect.status, StatusCode::TEMPORARY_REDIRECT);
        assert!(header(&redirect, "cache-control").starts_with("private"));
        let place = header(&redirect, "location").to_owned();
        let fetch = async |url: &str| reqwest::get(url).await.unwrap();

        let found = fetch(&place).await;
        assert_eq!(found.status().as_u16(), 200);
        assert_eq!(found.headers()["content-type"], "application/octet-stream");
        assert_eq!(
            found.headers()["content-disposition"].to_str().unwrap(),
            "attachment; filename=\"nota _.html\"; filename*=UTF-8''nota%20%C3%A9%2Ehtml"
        );
        assert_eq!(found.bytes().await.unwrap().as_ref(), html);
        for (part, other) in [
            ("/chat/files/1", "/chat/files/2"),
            ("octet-stream", "x"),
            ("attachment", "inline"),
            ("X-Amz-Expires=300", "X-Amz-Expires=900"),
            ("X-Amz-Signature=", "X-Amz-Signature=0"),
        ] {
            assert!(place.contains(part), "{part}: {place}");
            assert_eq!(fetch(&place.replacen(part, other, 1)).await.status().as_u16(), 403, "{part}");
        }
        storage.later(299);
        assert_eq!(fetch(&place).await.status().as_u16(), 200);
        storage.later(2);
        assert_eq!(fetch(&place).await.status().as_u16(), 403);
    }

    async fn an_address_of_ours_ends_after_two_days(test: TestDb) {
        let storage = Storage::start().await;
        let (clock, hand) = Clock::fixed(testing::NOW);
        let world = World::with_storage(test, storage.url(""), clock).await;
        let path = begin(&world).await;
        let sent = send_file(&world, &path, "nota.txt", b"total: 7").await.ok();
        let url = sent["attachments"][0]["data_url"].clone();
        let move_to = |days: i64| hand.store(testing::NOW + days * DAY, std::sync::atomic::Ordering::SeqCst);
        move_to(1);
        assert_eq!(open(&world, &url, None).await.bytes, b"total: 7");
        move_to(3);
        storage.log();
        assert_eq!(open(&world, &url, None).await.status, StatusCode::NOT_FOUND);
        assert!(storage.log().is_empty());
        // Whoever may read the message gets a fresh one.
        let list = world.get(&path).await.ok();
        assert_eq!(open(&world, &list["payload"][1]["attachments"][0]["data_url"], None).await.bytes, b"total: 7");
    }

    async fn without_the_storage_a_message_is_refused_and_service_comes_back(test: TestDb) {
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url(""), Clock::System).await;
        let path = begin(&world).await;
        let sent = send_file(&world, &path, "a.txt", b"primeiro").await.ok();
        storage.fail(usize::MAX);
        let refused = send_file(&world, &path, "b.txt", b"segundo").await;
        assert_eq!(header(&refused, "retry-after"), "1");
        assert_eq!(refused.refused(503), json!({"error": "The server cannot do this now; try again in a moment"}));
        let unread = open(&world, &sent["attachments"][0]["data_url"], None).await;
        assert_eq!(unread.refused(503), json!({"error": "The file cannot be read now"}));
        // What needs no file goes on.
        world.post(&path, json!({"content": "sem arquivo"})).await.ok();
        storage.fail(0);
        send_file(&world, &path, "b.txt", b"segundo").await.ok();
        assert_eq!(open(&world, &sent["attachments"][0]["data_url"], None).await.bytes, b"primeiro");
        let list = world.get(&path).await.ok();
        let files: Vec<_> = list["payload"].as_array().unwrap().iter().map(|m| m["attachments"].as_array().map_or(0, Vec::len)).collect();
        assert_eq!(files, [0, 1, 0, 1]);
        assert_eq!(storage.files().len(), 2);
    }

    async fn backups_hold_the_files_of_the_storage_and_bring_them_back(test: TestDb) {
        let storage = Storage::start().await;
        let world = World::with_storage(test, storage.url(""), Clock::System).await;
        let path = begin(&world).await;
        for (name, bytes) in [("a.txt", b"um"), ("b.txt", b"do"), ("c.txt", b"tr")] {
            send_file(&world, &path, name, bytes).await.ok();
        }
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("backup.tar");
        storage.fail(1);
        let (contents, _) = transfer::backup(&world.app, &place, Files::Included).await.unwrap();
        assert_eq!((contents.files, contents.file_bytes), (3, 6));

        let other = Storage::start().await;
        let fresh = db::testing::sqlite().await.unwrap();
        let settings = Settings { storage_url: other.url(""), ..testing::app(&fresh).settings.clone() };
        let target = App::new(fresh.db.clone(), settings, Clock::System).unwrap();
        other.fail(1);
        transfer::restore(&target, &place, Existing::Keep, Key::Same).await.unwrap();
        assert_eq!(other.files(), storage.files());

        // And from a bucket to a folder.
        let fresh = db::testing::sqlite().await.unwrap();
        let target = testing::app(&fresh);
        transfer::restore(&target, &place, Existing::Keep, Key::Same).await.unwrap();
        let keys: Vec<String> = target.blobs.list().try_collect().await.unwrap();
        assert_eq!(keys.len(), 3);
        for key in keys {
            assert_eq!(target.blobs.get(&key, None).await.unwrap(), storage.files()[&format!("files/{key}")]);
        }
    }
}

/// What the server does by itself every half hour.
async fn sweep(world: &World) {
    let ctx = world.app.system();
    let mut work = ctx.begin().await.unwrap();
    work.enqueue(job::New::now(None, Job::Recurring { task: "sweep_uploads".to_owned() }));
    work.commit().await.unwrap();
    job::runner::run_due(&ctx).await.unwrap();
}

/// What `cloudchat doctor` says about attachments, and whether all is well with them.
async fn doctor(storage_url: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_cloudchat"));
    command
        .arg("doctor")
        .env_clear()
        .env("CLOUDCHAT_DATA_DIR", folder.path())
        .env("CLOUDCHAT_STORAGE_URL", storage_url);
    let output = command.current_dir(folder.path()).output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said
        .lines()
        .find(|line| line.contains("Attachments:") || line.contains("storage:"))
        .unwrap_or_else(|| unreachable!("{said}"));
    assert!(!line.contains("Secret"), "{line}");
    assert!(line.starts_with("ok") || !output.status.success());
    line.to_owned()
}

#[tokio::test]
async fn doctor_tells_how_the_storage_is() {
    let storage = Storage::start().await;
    assert_eq!(doctor(&storage.url("")).await, "ok    Attachments: written, read and removed");
    assert!(storage.files().is_empty());
    let wrong_key = doctor(&storage.url_with("another", "chat", "")).await;
    assert!(wrong_key.starts_with("FIX   Attachments: the storage refuses the access key"), "{wrong_key}");
    let no_bucket = doctor(&storage.url_with("tE5t/Secret+Key=", "nowhere", "")).await;
    assert!(no_bucket.starts_with("FIX   Attachments: the bucket or folder does not exist"), "{no_bucket}");
    let nobody = storage.url("").replace(&storage.address.port().to_string(), "9");
    let unreachable = doctor(&nobody).await;
    assert!(unreachable.starts_with("FIX   Attachments: the storage does not answer"), "{unreachable}");
    assert!(unreachable.ends_with("check CLOUDCHAT_STORAGE_URL"), "{unreachable}");
    let nonsense = doctor("s3://chat?colour=red").await;
    assert!(nonsense.contains("storage option colour is not known"), "{nonsense}");
}
