//! `cloudchat admin …`: what an operator does without the browser.

use anyhow::Context as _;
use clap::Subcommand;
use domain::account::{self, NewInstallation};
use domain::{agent, second_factor, session};
use serde_json::json;

use super::start;
use crate::config::Config;

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Make an account with its administrator. Prints JSON: account_id, user_id, access_token.
    Create {
        /// Name of the account.
        #[arg(long)]
        account: String,
        /// Name of the administrator.
        #[arg(long)]
        name: String,
        /// Address to sign in with.
        #[arg(long)]
        email: String,
        /// Password of at least 8 characters.
        #[arg(long)]
        password: String,
        /// Language of the account: en or pt-BR.
        #[arg(long, default_value = "en")]
        locale: String,
        /// Time zone of the account, such as America/Sao_Paulo.
        #[arg(long, default_value = "UTC")]
        timezone: String,
    },
    /// Take the second step away from the sign-in of somebody who lost their app and their recovery codes.
    ResetTwoFactor {
        /// Address of the person.
        #[arg(long)]
        email: String,
    },
    /// Give somebody a link to choose a new password, or set the password at once.
    ResetPassword {
        /// Address of the person.
        #[arg(long)]
        email: String,
        /// The new password; ends all sessions of the person.
        #[arg(long)]
        password: Option<String>,
    },
}

/// Does what was asked.
pub async fn admin(config: &Config, command: Admin) -> anyhow::Result<()> {
    let app = start::migrated(config).await?;
    let ctx = app.system();
    match command {
        Admin::Create { account, name, email, password, locale, timezone } => {
            let new = NewInstallation { account_name: account, user_name: name, email, password, locale, timezone };
            let made = account::create(&ctx, new).await?;
            let made = json!({
                "account_id": made.account_id, "user_id": made.user_id, "access_token": made.access_token,
            });
            println!("{made}");
        }
        Admin::ResetTwoFactor { email } => {
            let user = agent::find_by_email(&ctx, &email).await?;
            let user = user.with_context(|| format!("nobody signs in with {email}"))?;
            second_factor::reset_by_operator(&ctx, user).await?;
            println!("{email} signs in with the password alone again.");
        }
        Admin::ResetPassword { email, password } => {
            let user = agent::find_by_email(&ctx, &email).await?;
            let user = user.with_context(|| format!("nobody signs in with {email}"))?;
            let link = session::reset::link(&ctx, user).await?;
            match password {
                None => println!("{link}\nThe link works once, for six hours."),
                Some(password) => {
                    let token = link.split_once("token=").map_or("", |(_, token)| token);
                    session::reset::redeem(&ctx, token, password).await?;
                    println!("The password of {email} is set. All sessions have ended.");
                }
            }
        }
    }
    Ok(())
}
