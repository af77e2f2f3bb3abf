//! Every page, in all its variants, filled with given texts.

use std::borrow::Cow;
use std::cell::RefCell;

use turnkeep_console::account::consent::ConsentItem;
use turnkeep_console::account::message::AccountMessage;
use turnkeep_console::account::page::AccountPage;
use turnkeep_console::account::passkey::PasskeyItem;
use turnkeep_console::account::session::SessionItem;
use turnkeep_console::account::token::{NewToken, TokenApp, TokenItem, TokenStanding};
use turnkeep_console::account::totp::TotpState;
use turnkeep_console::consent::{ConsentPage, ConsentScope};
use turnkeep_console::dashboard::reference_tokens::ScopeTick;
use turnkeep_console::error_page::{ErrorPage, PageError, WayOn};
use turnkeep_console::forgotten::ForgottenPage;
use turnkeep_console::forgotten_sent::ForgottenSentPage;
use turnkeep_console::form::{Form, PasskeyOffer};
use turnkeep_console::form_post::{FormPostPage, ResponseField};
use turnkeep_console::frame::{Frame, Theme};
use turnkeep_console::invitation::{InvitationPage, InvitationSpentPage};
use turnkeep_console::link_used::LinkUsedPage;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::moment::Moment;
use turnkeep_console::parts::session_notice::SessionNotice;
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::parts::tick_field::TickField;
use turnkeep_console::parts::tick_field::TickedAction;
use turnkeep_console::passkey_added::PasskeyAddedPage;
use turnkeep_console::password_problem::PasswordProblem;
use turnkeep_console::recovery_codes_once::RecoveryCodesOncePage;
use turnkeep_console::render::Render;
use turnkeep_console::second_factor::{SecondFactorMessage, SecondFactorPage, SecondFactorWay};
use turnkeep_console::set_password::{PasswordOwner, SetPasswordMessage, SetPasswordPage};
use turnkeep_console::sign_in::{SignInMessage, SignInPage};
use turnkeep_console::sign_out_confirm::SignOutConfirmPage;
use turnkeep_console::signed_out::SignedOutPage;
use turnkeep_console::token_once::TokenOncePage;
use turnkeep_console::totp_setup::{TotpSetupPage, TrustedSvg};
use turnkeep_domain::accent::Accent;

/// A rendered page and the texts that went into it.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) html: String,
    pub(crate) texts: Vec<String>,
}

/// Hands out texts, all different, and remembers them.
pub(crate) struct Texts {
    prefix: &'static str,
    made: RefCell<Vec<&'static str>>,
}

impl Texts {
    pub(crate) fn new(prefix: &'static str) -> Self {
        Self { prefix, made: RefCell::default() }
    }

    pub(crate) fn text(&self) -> &'static str {
        let mut made = self.made.borrow_mut();
        let text: &'static str = format!("{}{}z", self.prefix, made.len()).leak();
        made.push(text);
        text
    }

    pub(crate) fn owned(&self) -> String {
        self.text().to_owned()
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { rfc3339: self.owned(), utc: self.owned() }
    }

    pub(crate) fn frame(&self) -> Frame<'static> {
        let theme: &'static Theme = Box::leak(Box::new(Theme { name: self.owned(), accent: Accent::Green }));
        Frame { theme, assets: self.text() }
    }

    pub(crate) fn session_notice(&self) -> SessionNotice {
        let [path, person, sign_in_path] = [self.owned(), self.owned(), self.owned()];
        SessionNotice { idle_seconds: 1_800, path, person, left_seconds: 43_200, sign_in_path }
    }

    pub(crate) fn form(&self) -> Form<'static> {
        Form { action: self.text(), csrf: self.text(), interaction: Some(self.text()) }
    }

    pub(crate) fn offer(&self) -> PasskeyOffer<'static> {
        PasskeyOffer { action: self.text(), options_path: self.text() }
    }
}

/// All pages with texts that begin with `prefix`.
pub(crate) fn all(prefix: &'static str) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut add = |name: String, make: &dyn Fn(&Texts) -> String| {
        let texts = Texts::new(prefix);
        let html = make(&texts);
        let texts = texts.made.into_inner().into_iter().map(str::to_owned).collect();
        samples.push(Sample { name, html, texts });
    };

    for message in SignInMessage::ALL.map(Some).into_iter().chain([None]) {
        add(format!("sign_in {message:?}"), &|texts| sign_in(texts, message).render().unwrap());
    }
    for message in SecondFactorMessage::ALL.map(Some).into_iter().chain([None]) {
        for way in SecondFactorWay::ALL {
            add(format!("second_factor {way:?} {message:?}"), &|texts| {
                second_factor(texts, way, message).render().unwrap()
            });
        }
    }
    for message in set_password_messages() {
        add(format!("first_operator {message:?}"), &|texts| {
            let person = PasswordOwner::FirstOperator { user_name: texts.text(), display_name: texts.text() };
            set_password(texts, person, message).render().unwrap()
        });
        add(format!("set_password {message:?}"), &|texts| {
            set_password(texts, PasswordOwner::User { user_name: texts.text() }, message).render().unwrap()
        });
    }
    for message in account_messages() {
        add(format!("account {message:?}"), &|texts| account(texts, message));
    }
    for error in PageError::ALL {
        add(format!("error_page {error:?}"), &|texts| error_page(texts, error, None));
        add(format!("error_page in the dashboard {error:?}"), &|texts| {
            error_page(texts, error, Some(WayOn::Dashboard(texts.text())))
        });
        add(format!("error_page with the way to the account {error:?}"), &|texts| {
            error_page(texts, error, Some(WayOn::Account(texts.text())))
        });
    }
    add("consent".to_owned(), &consent);
    add("invitation".to_owned(), &invitation);
    for is_signed_in in [false, true] {
        add(format!("invitation_spent {is_signed_in}"), &|texts| {
            let user_name = is_signed_in.then(|| texts.text());
            let (frame, sign_in_path) = (texts.frame(), texts.text());
            InvitationSpentPage { frame, user_name, sign_in_path }.render().unwrap()
        });
    }
    add("form_post".to_owned(), &form_post);
    add("sign_out_confirm".to_owned(), &|texts| {
        SignOutConfirmPage {
            frame: texts.frame(),
            form: texts.form(),
            app_name: Some(texts.text()),
            user_name: texts.text(),
            account_path: texts.text(),
        }
        .render()
        .unwrap()
    });
    add("signed_out".to_owned(), &|texts| {
        SignedOutPage { frame: texts.frame(), sign_in_path: texts.text() }.render().unwrap()
    });
    add("forgotten".to_owned(), &|texts| {
        let (frame, form) = (texts.frame(), texts.form());
        ForgottenPage { frame, form, sign_in_path: texts.text() }.render().unwrap()
    });
    add("forgotten_sent".to_owned(), &|texts| {
        ForgottenSentPage { frame: texts.frame(), sign_in_path: texts.text() }.render().unwrap()
    });
    add("link_used".to_owned(), &|texts| {
        let (frame, forgotten_path) = (texts.frame(), Some(texts.text()));
        LinkUsedPage { frame, forgotten_path, sign_in_path: texts.text() }.render().unwrap()
    });
    add("passkey_added".to_owned(), &|texts| {
        let (frame, passkey_name) = (texts.frame(), texts.text());
        PasskeyAddedPage { frame, passkey_name, account_path: texts.text() }.render().unwrap()
    });
    add("recovery_codes_once".to_owned(), &|texts| {
        let codes = [texts.owned(), texts.owned()];
        let (frame, account_path) = (texts.frame(), texts.text());
        RecoveryCodesOncePage { frame, codes: &codes, account_path }.render().unwrap()
    });
    add("token_once".to_owned(), &token_once);
    for code_refused in [false, true] {
        add(format!("totp_setup {code_refused}"), &|texts| totp_setup(texts, code_refused));
    }
    crate::dashboard_samples::add_all(&mut add);
    samples
}

pub(crate) fn sign_in(texts: &Texts, message: Option<SignInMessage>) -> SignInPage<'static> {
    SignInPage {
        frame: texts.frame(),
        form: texts.form(),
        app_name: Some(texts.text()),
        user_name: texts.text(),
        message,
        passkey: Some(texts.offer()),
        forgotten_path: Some(texts.text()),
    }
}

pub(crate) fn second_factor(
    texts: &Texts,
    way: SecondFactorWay,
    message: Option<SecondFactorMessage>,
) -> SecondFactorPage<'static> {
    SecondFactorPage {
        frame: texts.frame(),
        form: texts.form(),
        pending: texts.text(),
        way,
        message,
        sign_in_path: texts.text(),
    }
}

pub(crate) fn set_password(
    texts: &Texts,
    person: PasswordOwner<'static>,
    message: Option<SetPasswordMessage>,
) -> SetPasswordPage<'static> {
    SetPasswordPage {
        frame: texts.frame(),
        form: texts.form(),
        token: texts.text(),
        person,
        minimum_length: 15,
        message,
    }
}

pub(crate) fn set_password_messages() -> Vec<Option<SetPasswordMessage>> {
    let own = [
        SetPasswordMessage::UserNameRefused,
        SetPasswordMessage::DisplayNameRefused,
        SetPasswordMessage::FormExpired,
    ];
    let problems = PasswordProblem::ALL.map(SetPasswordMessage::Password);
    own.into_iter().chain(problems).map(Some).chain([None]).collect()
}

pub(crate) fn account_messages() -> Vec<Option<AccountMessage>> {
    let own = [
        AccountMessage::InvitationAccepted,
        AccountMessage::SessionEnded,
        AccountMessage::ConsentRevoked,
        AccountMessage::PasswordChanged,
        AccountMessage::CurrentPasswordRefused,
        AccountMessage::PasskeyRemoved,
        AccountMessage::PasskeyRefused,
        AccountMessage::TooManyPasskeys,
        AccountMessage::TotpAdded,
        AccountMessage::TotpRemoved,
        AccountMessage::TotpPasswordRefused,
        AccountMessage::TotpNeeded,
        AccountMessage::TokenRevoked,
        AccountMessage::TooManyTokens,
        AccountMessage::SignedInAgain,
        AccountMessage::TooManyAttempts,
    ];
    let problems = PasswordProblem::ALL.map(AccountMessage::NewPassword);
    own.into_iter().chain(problems).map(Some).chain([None]).collect()
}

fn error_page(texts: &Texts, error: PageError, way_on: Option<WayOn<'_>>) -> String {
    ErrorPage { frame: texts.frame(), error, request_id: texts.text(), way_on }.render().unwrap()
}

fn consent(texts: &Texts) -> String {
    let scopes = [
        ConsentScope { name: texts.owned(), description: texts.owned() },
        ConsentScope { name: texts.owned(), description: String::new() },
    ];
    let page = ConsentPage {
        frame: texts.frame(),
        form: texts.form(),
        app_name: texts.text(),
        tenant_name: texts.text(),
        redirect_host: texts.text(),
        scopes: &scopes,
        user_name: texts.text(),
    };
    page.render().unwrap()
}

fn invitation(texts: &Texts) -> String {
    let page = InvitationPage {
        frame: texts.frame(),
        form: texts.form(),
        token: texts.text(),
        tenant_name: texts.text(),
        role: texts.text(),
        user_name: texts.text(),
        expires_at: texts.moment(),
        account_path: texts.text(),
    };
    page.render().unwrap()
}

fn form_post(texts: &Texts) -> String {
    let fields = [
        ResponseField { name: texts.owned(), value: texts.owned() },
        ResponseField { name: texts.owned(), value: texts.owned() },
    ];
    FormPostPage { frame: texts.frame(), action: texts.text(), fields: &fields }.render().unwrap()
}

fn token_once(texts: &Texts) -> String {
    let page = TokenOncePage {
        frame: texts.frame(),
        token: texts.text(),
        token_name: texts.text(),
        app_name: texts.text(),
        expires_at: texts.moment(),
        account_path: texts.text(),
    };
    page.render().unwrap()
}

fn totp_setup(texts: &Texts, code_refused: bool) -> String {
    let page = TotpSetupPage {
        frame: texts.frame(),
        form: texts.form(),
        pending: Some(texts.text()),
        qr: TrustedSvg::drawn_by_us("<svg viewBox=\"0 0 1 1\"><path d=\"M0 0h1v1z\"></path></svg>"),
        secret_text: texts.text(),
        code_refused,
        account_path: texts.text(),
    };
    page.render().unwrap()
}

fn account(texts: &Texts, message: Option<AccountMessage>) -> String {
    let since = texts.moment();
    let totp = TotpState::On { since: &since, remove_action: texts.text(), asks_password: true };
    with_account(texts, &|page| AccountPage { message, totp, ..page }.render().unwrap())
}

/// An offer whose form was filled in.
fn token_app(texts: &Texts, place: &str) -> TokenApp {
    let tick = |is_ticked| ScopeTick { field: texts.owned(), scope: texts.owned(), is_ticked };
    let (chosen, label) = (texts.owned(), texts.owned());
    TokenApp {
        id: texts.owned(),
        name: texts.owned(),
        tenant_name: texts.owned(),
        is_open: false,
        token_name: TextField {
            id: format!("token-name-{place}").into(),
            required: true,
            ..TextField::line("name", "Name of the token", texts.owned())
        },
        scopes: vec![tick(true), tick(false)],
        scopes_error: None,
        days: ChoiceField {
            id: format!("token-days-{place}").into(),
            name: "days".into(),
            label: "How long it works".into(),
            choices: vec![Choice::of(chosen.clone(), label)],
            chosen,
            ..ChoiceField::default()
        },
    }
}

/// A box to tick.
pub(crate) fn tick(
    texts: &Texts,
    id: impl Into<Cow<'static, str>>,
    warning_id: impl Into<Cow<'static, str>>,
    has_error: bool,
) -> TickField {
    let id = id.into();
    TickField {
        name: id.clone(),
        id,
        label: texts.owned().into(),
        warning_id: warning_id.into(),
        error: has_error.then(|| texts.owned()),
    }
}

/// Gives an account page with two of everything to `use_page`.
pub(crate) fn with_account(texts: &Texts, use_page: &dyn Fn(AccountPage<'_>) -> String) -> String {
    let sessions = [true, false].map(|is_this| SessionItem {
        browser: if is_this { texts.owned() } else { String::new() },
        signed_in_at: texts.moment(),
        last_seen_at: texts.moment(),
        method: texts.owned(),
        is_this,
        end_action: texts.owned(),
    });
    let consents = [0, 1].map(|_| ConsentItem {
        app_name: texts.owned(),
        tenant_name: texts.owned(),
        scopes: vec![texts.owned(), texts.owned()],
        given_at: texts.moment(),
        revoke_action: texts.owned(),
    });
    let passkeys = [(1, true), (2, false)].map(|(place, is_used)| PasskeyItem {
        name: texts.owned(),
        added_at: texts.moment(),
        last_used_at: is_used.then(|| texts.moment()),
        removal: TickedAction {
            path: texts.owned(),
            tick: tick(texts, format!("passkey-is-lost-{place}"), format!("passkey-warning-{place}"), false),
        },
    });
    let tokens = [true, false].map(|is_used| TokenItem {
        name: texts.owned(),
        app_name: texts.owned(),
        scopes: vec![texts.owned()],
        made_at: texts.moment(),
        expires_at: texts.moment(),
        standing: if is_used { TokenStanding::Works } else { TokenStanding::NotAllowed },
        last_used_at: is_used.then(|| texts.moment()),
        revoke_action: texts.owned(),
    });
    let apps = ["1", "2"].map(|place| token_app(texts, place));
    use_page(AccountPage {
        frame: texts.frame(),
        csrf: texts.text(),
        user_name: texts.text(),
        display_name: texts.text(),
        sign_out_action: texts.text(),
        dashboard_path: texts.text(),
        message: None,
        sign_in_again_path: texts.text(),
        is_fresh: false,
        sessions: &sessions,
        end_others_action: texts.text(),
        consents: &consents,
        password_action: Some(texts.text()),
        minimum_length: 15,
        passkeys: &passkeys,
        new_passkey: Some(texts.offer()),
        totp: TotpState::Off { start_action: "/account/totp" },
        recovery_codes_left: 7,
        new_recovery_codes: Some(TickedAction {
            path: texts.owned(),
            tick: tick(texts, "old-codes-stop", "recovery-codes-warning", false),
        }),
        tokens: &tokens,
        new_token: Some(NewToken { action: texts.text(), apps: &apps }),
        session_notice: texts.session_notice(),
    })
}
