//! Who gets a message besides the contact, where the channel can do that.

use model::ErrorCode;
use serde_json::{Value, json};

use crate::conversation::store::Facts;
use crate::mailbox::outgoing::{BCC, CC, TO, copies};
use crate::{Ctx, Error, Result, channel, contact};

/// Most people of each kind.
const MOST: usize = 50;

/// Keeps the addresses that a sender gives: lists, or texts with commas.
pub(super) fn keep(given: &Value, kept: &mut Value) -> Result<()> {
    for key in [TO, CC, BCC] {
        let list: Vec<String> = match given.get(key) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.split([',', ';']).map(str::to_owned).collect(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(_) => return Err(Error::field(key, ErrorCode::Invalid)),
        };
        let mut addresses: Vec<String> = Vec::new();
        for address in list.iter().map(|address| address.trim()).filter(|address| !address.is_empty()) {
            let address = contact::checked_email(address).map_err(|_| Error::field(key, ErrorCode::InvalidEmail))?;
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.len() > MOST {
            return Err(Error::field(key, ErrorCode::TooMany));
        }
        kept[key] = json!(addresses);
    }
    Ok(())
}

/// Where nobody is named, those who were in it stay in it. Where the channel knows no copies, there are none.
pub(super) async fn complete(ctx: &Ctx, facts: &Facts, private: bool, attributes: &mut Value) -> Result<()> {
    let Some(map) = attributes.as_object_mut() else { return Ok(()) };
    let has_copies = channel::by_key(&facts.channel).is_ok_and(|channel| channel.abilities().has_copies);
    if private || !has_copies {
        for key in [TO, CC, BCC] {
            map.remove(key);
        }
        return Ok(());
    }
    if !map.contains_key(CC) {
        let others = copies(ctx, facts.account_id, facts.id).await?;
        map.insert(CC.to_owned(), json!(others));
    }
    Ok(())
}
