//! `cloudchat config`: the options in force, in the form of a `cloudchat.toml`.

use std::io::Write;

use crate::config::{Config, Origin, Shown};

/// Prints all options with their meaning, value and origin; secrets are masked.
pub fn show(config: &Config, out: &mut impl Write) -> std::io::Result<()> {
    for shown in config.shown() {
        writeln!(out, "{}", entry(shown))?;
    }
    for stranger in config.strangers() {
        writeln!(out, "# warning: {stranger}")?;
    }
    Ok(())
}

fn entry(shown: &Shown) -> String {
    let setting = shown.setting;
    let help: String = setting.help.trim_end().lines().map(|line| format!("#{line}\n")).collect();
    let origin = match &shown.origin {
        Origin::Unset => format!("not set; {}", setting.env),
        Origin::Default => format!("default; {}", setting.env),
        origin => origin.to_string(),
    };
    match &shown.value {
        Some(value) => format!("{help}{} = {value:?}  # {origin}\n", setting.key),
        None => format!("{help}# {} =  # {origin}\n", setting.key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    #[test]
    fn every_option_is_shown_with_its_origin() {
        let variables = [("CLOUDCHAT_SECRET_KEY".to_owned(), "x".repeat(40))];
        let config = Config::read(&Sources::default().with_environment(variables)).unwrap();
        let mut out = Vec::new();
        show(&config, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("# Address and port to listen on.\nlisten = \"127.0.0.1:3000\"  # default; CLOUDCHAT_LISTEN")
        );
        assert!(text.contains("secret_key = \"••••••\"  # environment CLOUDCHAT_SECRET_KEY"));
        assert!(text.contains("# smtp_url =  # not set; SMTP_URL"));
    }
}
