//! Where options come from: the environment, the file, the defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::{Parse, Setting, Show, Shown};

/// The file that is read when it exists and no other is named.
const USUAL_FILE: &str = "cloudchat.toml";

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An environment variable.
    Environment(&'static str),
    /// A line of the file, counted from 1.
    File(PathBuf, usize),
    /// The value written in the program.
    Default,
    /// Nowhere; the option is not set.
    Unset,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Default => f.write_str("default"),
            Self::Unset => f.write_str("not set"),
        }
    }
}

/// Something that is wrong with the configuration, with the place to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File and line, or the variable.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {}: {}", problem.place, problem.what))
    }
}

impl std::error::Error for Problems {}

/// The texts of the options, before they are parsed.
#[derive(Debug, Default)]
pub struct Sources {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, (String, usize)>,
    path: PathBuf,
}

impl Sources {
    /// The environment of this process and the file that applies to it.
    pub fn of_process(file: Option<&Path>) -> Result<Self, Problems> {
        let environment: BTreeMap<String, String> = std::env::vars().collect();
        let named = file.map(Path::to_path_buf).or_else(|| environment.get("CLOUDCHAT_CONFIG").map(PathBuf::from));
        let path = match named {
            Some(path) => path,
            None if Path::new(USUAL_FILE).exists() => PathBuf::from(USUAL_FILE),
            None => return Ok(Self { environment, ..Self::default() }),
        };
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Problems(vec![Problem { place: path.display().to_string(), what: error.to_string() }]))?;
        Self::default().with_environment(environment).with_file(&path, &text)
    }

    /// The same with these environment variables.
    #[must_use]
    pub fn with_environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment.extend(variables);
        self
    }

    /// The same with the text of a file.
    pub fn with_file(mut self, path: &Path, text: &str) -> Result<Self, Problems> {
        let problem = |line: usize, what: String| Problem { place: format!("{}:{line}", path.display()), what };
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Problems(vec![problem(line, error.message().to_owned())])
        })?;
        let mut problems = Vec::new();
        for (key, value) in table.into_inner() {
            let line = line_of(text, key.span().start);
            match plain_text(value.get_ref()) {
                Some(value) => _ = self.file.insert(key.into_inner().into_owned(), (value, line)),
                None => problems.push(problem(line, format!("{} must be text, a number or a switch", key.get_ref()))),
            }
        }
        self.path = path.to_path_buf();
        if problems.is_empty() { Ok(self) } else { Err(Problems(problems)) }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn plain_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
        DeValue::Float(number) => Some(number.as_str().replace('_', "")),
        DeValue::Boolean(switch) => Some(switch.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// Takes the options out of the sources one after the other and remembers what is wrong.
pub(super) struct Reader<'a> {
    sources: &'a Sources,
    settings: &'static [Setting],
    shown: Vec<Shown>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources, settings: &'static [Setting]) -> Self {
        Self { sources, settings, shown: Vec::new(), problems: Vec::new() }
    }

    pub(super) fn take<T: Parse>(&mut self, key: &str) -> Option<T> {
        let setting = self.settings.iter().find(|setting| setting.key == key)?;
        let (text, origin) = self.text(setting);
        let Some(text) = text else {
            self.shown.push(Shown { setting, value: None, origin: Origin::Unset });
            return T::absent();
        };
        match T::parse(&text) {
            Ok(value) => {
                self.shown.push(Shown { setting, value: Some(masked(&text, setting.show)), origin });
                Some(value)
            }
            Err(what) => {
                let given = masked(&text, setting.show);
                self.problems.push(Problem { place: origin.to_string(), what: format!("{key} = {given:?}: {what}") });
                None
            }
        }
    }

    /// An empty text counts as "not set": that is how people switch a variable off.
    fn text(&self, setting: &'static Setting) -> (Option<String>, Origin) {
        if let Some(text) = self.sources.environment.get(setting.env).filter(|text| !text.is_empty()) {
            return (Some(text.clone()), Origin::Environment(setting.env));
        }
        if let Some((text, line)) = self.sources.file.get(setting.key).filter(|(text, _)| !text.is_empty()) {
            return (Some(text.clone()), Origin::File(self.sources.path.clone(), *line));
        }
        (setting.default.map(str::to_owned), Origin::Default)
    }

    pub(super) fn finish(mut self) -> Result<Vec<Shown>, Problems> {
        for (key, (_, line)) in &self.sources.file {
            if self.settings.iter().any(|setting| setting.key == key) {
                continue;
            }
            let place = format!("{}:{line}", self.sources.path.display());
            let what = match nearest(key, self.settings.iter().map(|setting| setting.key)) {
                Some(known) => format!("there is no option {key}; did you mean {known}?"),
                None => format!("there is no option {key}; `cloudchat config` lists them all"),
            };
            self.problems.push(Problem { place, what });
        }
        if self.problems.is_empty() { Ok(self.shown) } else { Err(Problems(self.problems)) }
    }
}

impl Sources {
    /// Variables that look like options but are none. Not an error: the environment belongs to others too.
    pub(super) fn strangers(&self, settings: &'static [Setting]) -> Vec<String> {
        let is_known = |name: &str| name == "CLOUDCHAT_CONFIG" || settings.iter().any(|setting| setting.env == name);
        let names = self.environment.keys().filter(|name| name.starts_with("CLOUDCHAT_") && !is_known(name));
        names
            .map(|name| match nearest(name, settings.iter().map(|setting| setting.env)) {
                Some(env) => format!("the environment variable {name} means nothing; did you mean {env}?"),
                None => format!("the environment variable {name} means nothing"),
            })
            .collect()
    }
}

/// The known name that differs least, if it differs little.
fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    known
        .map(|other| (distance(name, other), other))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, other)| other)
}

/// Number of letters to insert, remove or change to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

const MASK: &str = "••••••";

fn masked(text: &str, show: Show) -> String {
    match show {
        Show::Plain => text.to_owned(),
        Show::Secret => MASK.to_owned(),
        Show::Address => masked_address(text),
    }
}

/// Hides the password before the host and everything in the query that sounds like one.
fn masked_address(text: &str) -> String {
    let (address, query) = text.split_once('?').map_or((text, None), |(address, query)| (address, Some(query)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let host = address.rfind('@').filter(|at| *at >= start);
    let password = host.and_then(|host| Some((start + address[start..host].find(':')? + 1, host)));
    let mut out = match password {
        Some((from, to)) => format!("{}{MASK}{}", &address[..from], &address[to..]),
        None => address.to_owned(),
    };
    for (index, pair) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if ["key", "secret", "password", "token"].iter().any(|word| name.contains(word)) => {
                out.push_str(name);
                out.push('=');
                out.push_str(MASK);
            }
            _ => out.push_str(pair),
        }
    }
    out
}
