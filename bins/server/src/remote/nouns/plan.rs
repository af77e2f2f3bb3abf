//! `turnkeep plan`.

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use turnkeep_domain::id::PlanId;

use crate::remote::call::Call;
use crate::remote::confirm::{Subject, confirm};
use crate::remote::fields::Fields;
use crate::remote::flags::OutputFormat;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, cell, find};

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("CODE", "code"),
    ("NAME", "name"),
    ("STATE", "state"),
    ("FREE", "free"),
    ("UNITS A MONTH", "limits.document_units.month"),
    ("REQUESTS A MINUTE", "limits.requests_per_minute"),
];

/// What happens to the apps of a plan that is retired.
const AFFECTED_COLUMNS: &[Column] =
    &[("APP", "app"), ("CLIENT ID", "client_id"), ("TENANT", "tenant"), ("FATE", "fate")];

/// What can be done with plans.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanVerb {
    /// List plans
    List {
        /// Only with this in their code or name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["draft", "active", "archived", "retired"])]
        state: Option<String>,
        /// Only free ones, or only others
        #[arg(long, value_name = "BOOL")]
        free: Option<bool>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show a plan
    Show {
        /// The plan
        plan: PlanId,
    },
    /// Make a plan; it is a draft until `activate`
    #[command(
        after_help = "Example:\n  turnkeep plan create --code team --name Team --per-month 50000 --feature ocr=true --feature seats=5"
    )]
    Create {
        /// Code, unique in the instance
        #[arg(long)]
        code: String,
        /// Name for people
        #[arg(long)]
        name: String,
        /// A tenant has at most one app on free plans
        #[arg(long)]
        free: bool,
        /// Limits.
        #[command(flatten)]
        limits: LimitsFlags,
        /// Limits of token requests.
        #[command(flatten)]
        token_requests: TokenRequestsFlags,
    },
    /// Change a plan
    Update {
        /// The plan
        plan: PlanId,
        /// Name for people
        #[arg(long)]
        name: Option<String>,
        /// No limits at all
        #[arg(long, conflicts_with_all = ["per_hour", "per_day", "per_week", "per_month", "requests_per_minute", "features"])]
        no_limits: bool,
        /// No limits of token requests at all
        #[arg(long, conflicts_with_all = ["tokens_per_minute", "tokens_per_hour", "tokens_per_day", "token_quota_mode"])]
        no_token_limits: bool,
        /// Only if it still has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
        /// Limits.
        #[command(flatten)]
        limits: LimitsFlags,
        /// Limits of token requests.
        #[command(flatten)]
        token_requests: TokenRequestsFlags,
    },
    /// Let apps be put on it; only a draft can be activated
    Activate {
        /// The plan
        plan: PlanId,
    },
    /// No more apps, for good; those on it go on
    Archive {
        /// The plan
        plan: PlanId,
    },
    /// End it for good: every app on it stops, or moves to the successor
    Retire {
        /// The plan
        plan: PlanId,
        /// Only show which apps are affected
        #[arg(long)]
        dry_run: bool,
        /// The plan that its apps move to
        #[arg(long, value_name = "PLAN")]
        successor: Option<PlanId>,
    },
}

/// The limits of a plan; all of them are set together, and an absent one is no limit.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Limits (set together; an absent one is no limit)")]
pub(crate) struct LimitsFlags {
    /// Document units an hour
    #[arg(long, value_name = "N")]
    per_hour: Option<u64>,
    /// Document units a day
    #[arg(long, value_name = "N")]
    per_day: Option<u64>,
    /// Document units a week
    #[arg(long, value_name = "N")]
    per_week: Option<u64>,
    /// Document units a month
    #[arg(long, value_name = "N")]
    per_month: Option<u64>,
    /// Requests a minute
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<u32>,
    /// Something the plan includes: true, false, a number or a text; repeatable
    #[arg(long = "feature", value_name = "NAME=VALUE", value_parser = parse_feature)]
    features: Vec<(String, Value)>,
}

/// How many tokens each app on the plan may ask for; all of it is set together, and an absent one is no limit.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Token requests (set together; an absent one is no limit)")]
pub(crate) struct TokenRequestsFlags {
    /// Requests for tokens a minute, evenly, in place of the server's limit for each client
    #[arg(long, value_name = "N")]
    tokens_per_minute: Option<u32>,
    /// Tokens an hour
    #[arg(long, value_name = "N")]
    tokens_per_hour: Option<u32>,
    /// Tokens a day
    #[arg(long, value_name = "N")]
    tokens_per_day: Option<u32>,
    /// Whether tokens beyond the hour's or day's are refused, or only counted
    #[arg(long, value_name = "MODE", value_parser = ["enforce", "dry-run"])]
    token_quota_mode: Option<String>,
}

impl TokenRequestsFlags {
    fn fields(self) -> Fields {
        Fields::default()
            .with("minute", self.tokens_per_minute)
            .with("hour", self.tokens_per_hour)
            .with("day", self.tokens_per_day)
            .with("mode", self.token_quota_mode.map(|mode| mode.replace('-', "_")))
    }
}

impl LimitsFlags {
    fn fields(self) -> Fields {
        let units = Fields::default()
            .with("hour", self.per_hour)
            .with("day", self.per_day)
            .with("week", self.per_week)
            .with("month", self.per_month);
        let features = self
            .features
            .into_iter()
            .fold(Fields::default(), |all, (name, value)| all.with(&name, Some(value)));
        Fields::default()
            .with_group("document_units", units)
            .with("requests_per_minute", self.requests_per_minute)
            .with_group("features", features)
    }
}

fn parse_feature(text: &str) -> Result<(String, Value), &'static str> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    let parsed = match value {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        text => text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from),
    };
    Ok((name.to_owned(), parsed))
}

impl RemoteCommand for PlanVerb {
    fn run(self, session: &Session) -> RemoteResult {
        let step = |plan: PlanId, step: &str| Call::post(&[&"plans", &plan, &step]);
        match self {
            Self::List { search, state, free, list: flags } => {
                let call = Call::get(&[&"plans"]).query("search", search).query("state", state);
                let call = call.query("free", free);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Show { plan } => session.show(&Call::get(&[&"plans", &plan]), ""),
            Self::Create { code, name, free, limits, token_requests } => {
                let body = Fields::default()
                    .with("code", Some(code))
                    .with("name", Some(name))
                    .with("free", free.then_some(true))
                    .with_group("limits", limits.fields())
                    .with_group("token_requests", token_requests.fields());
                session.show(&Call::post(&[&"plans"]).body(&body.body()), "")
            }
            Self::Update { plan, name, limits, no_limits, token_requests, no_token_limits, if_version } => {
                let body = Fields::default()
                    .with("name", name)
                    .with_group("limits", limits.fields())
                    .with_group("token_requests", token_requests.fields());
                let nulls = [(no_limits, "limits"), (no_token_limits, "token_requests")];
                let nulls: Vec<String> = nulls
                    .iter()
                    .filter(|(is_null, _)| *is_null)
                    .map(|(_, name)| (*name).to_owned())
                    .collect();
                let body = body.with_nulls(&nulls);
                session
                    .show(&Call::patch(&[&"plans", &plan]).body(&body.change()?).if_version(if_version), "")
            }
            Self::Activate { plan } => session.show(&step(plan, "activate"), ""),
            Self::Archive { plan } => {
                let read = Call::get(&[&"plans", &plan]);
                session.take_away("archive", "plan", Subject::Record(&read), &step(plan, "archive"))
            }
            Self::Retire { plan, dry_run, successor } => retire(session, plan, dry_run, successor),
        }
    }
}

fn retire(session: &Session, plan: PlanId, dry_run: bool, successor: Option<PlanId>) -> RemoteResult {
    if successor == Some(plan) {
        return Err(RemoteError::Usage("a plan cannot be its own successor".to_owned()));
    }
    let body = Fields::default()
        .with("dry_run", dry_run.then_some(true))
        .with("successor_plan_id", successor.map(|id| id.to_string()))
        .body();
    let call = Call::post(&[&"plans", &plan, &"retire"]);
    let call = if dry_run || successor.is_some() { call.body(&body) } else { call };
    if !dry_run {
        confirm(session, "retire", "plan", Subject::Record(&Call::get(&[&"plans", &plan])))?;
    }
    let answer = session.connection.send(&call)?;
    match session.screen.format {
        OutputFormat::Json => session.screen.json(answer.bytes()),
        OutputFormat::Table => show_retirement(session.screen, &answer.json()?),
    }
    Ok(())
}

/// The apps with their fates, and how many have which.
fn show_retirement(screen: Screen, retirement: &Value) {
    let apps = find(retirement, "affected_apps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let said = |app: &Value, names: [&str; 2]| {
        names.iter().find_map(|name| find(app, name).filter(|it| !it.is_null()).cloned())
    };
    let rows: Vec<Value> = apps
        .iter()
        .map(|app| {
            json!({
                "app": said(app, ["app_name", "app_id"]),
                "client_id": said(app, ["client_id", "client_id"]),
                "tenant": said(app, ["tenant_name", "tenant_id"]),
                "fate": said(app, ["fate", "fate"]),
            })
        })
        .collect();
    if !rows.is_empty() {
        screen.table(AFFECTED_COLUMNS, &rows);
    }
    let of = |fate: &str| apps.iter().filter(|app| find(app, "fate").is_some_and(|it| it == fate)).count();
    let mut counts = format!("stops {}, moves {}", of("stops"), of("moves"));
    let taken = of("free_plan_taken");
    if 0 < taken {
        counts = format!("{counts}, not possible {taken} (the tenant has an app on a free plan)");
    }
    let code = find(retirement, "code").map_or_else(String::new, cell);
    screen.text(&match find(retirement, "dry_run").and_then(Value::as_bool) {
        Some(true) => format!("plan {code}: {counts} (dry run: nothing was changed)\n"),
        _ => format!("plan {code} is retired: {counts}\n"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_flags_numbers_and_texts() {
        let value = |text| parse_feature(text).unwrap().1;
        assert_eq!(value("ocr=true"), Value::Bool(true));
        assert_eq!(value("seats=5"), Value::from(5));
        assert_eq!(value("tier=gold=er"), Value::from("gold=er"));
        assert!(parse_feature("ocr").is_err());
    }
}
