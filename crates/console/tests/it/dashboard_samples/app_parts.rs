//! The pages of an app about its secrets, reference tokens, storage and audit.

use turnkeep_console::dashboard::app_audit::AppAuditPage;
use turnkeep_console::dashboard::app_tabs::AppHead;
use turnkeep_console::dashboard::chrome::NavItem;
use turnkeep_console::dashboard::reference_tokens::{
    MakingServiceTokens, ReferenceTokenItem, ReferenceTokenItemState, ReferenceTokensPage, ScopeTick,
    ServiceTokenForm,
};
use turnkeep_console::dashboard::secret_once::{MadeOnce, SecretOncePage};
use turnkeep_console::dashboard::secrets::{SecretForms, SecretItem, SecretItemState, SecretsPage};
use turnkeep_console::dashboard::storage::{
    OwnStorage, StepMark, StorageCheckItem, StorageForm, StoragePage, StorageStep,
};
use turnkeep_console::parts::audit_table::{AuditChange, AuditItem, AuditTable};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_console::parts::tick_field::TickedAction;
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::{Texts, tick};

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard app's secrets".to_owned(), &secrets);
    add("dashboard app's secrets for who may not change them".to_owned(), &|texts| {
        page_of_secrets(texts, vec![ended_secret(texts, SecretItemState::Expired)], None)
    });
    add("dashboard app without a secret".to_owned(), &|texts| page_of_secrets(texts, Vec::new(), None));
    add("dashboard app with as many secrets as there may be".to_owned(), &|texts| {
        let forms = SecretForms {
            version: 7,
            regenerate_action: texts.owned(),
            regenerate_tick: tick(texts, "old-secrets-stop", "regenerate-warning", false),
            add_action: None,
            overlap: ChoiceField::default(),
        };
        page_of_secrets(texts, vec![secret(texts)], Some(forms))
    });
    add("dashboard secret once: regenerated".to_owned(), &|texts| {
        secret_once(texts, MadeOnce::Regenerated { client_id: texts.owned() })
    });
    add("dashboard secret once: added".to_owned(), &|texts| {
        let older_until = Some(texts.moment());
        secret_once(texts, MadeOnce::Added { client_id: texts.owned(), older_until })
    });
    add("dashboard secret once: service access token".to_owned(), &|texts| {
        secret_once(texts, MadeOnce::ServiceAccessToken { name: texts.owned(), holder: texts.owned() })
    });
    add("dashboard app's reference tokens".to_owned(), &|texts| {
        tokens(texts, true, Some(MakingServiceTokens::Offered(Box::new(token_form(texts)))))
    });
    add("dashboard app that takes no reference tokens".to_owned(), &|texts| tokens(texts, false, None));
    add("dashboard public app's reference tokens".to_owned(), &|texts| {
        tokens(texts, true, Some(MakingServiceTokens::PublicApp))
    });
    for is_operator in [true, false] {
        add(format!("dashboard reference tokens without service access, operator {is_operator}"), &|texts| {
            let settings_path = is_operator.then(|| texts.owned());
            tokens(texts, true, Some(MakingServiceTokens::ServiceAccessOff { settings_path }))
        });
    }
    add("dashboard managed storage".to_owned(), &|texts| storage(texts, None));
    for (name, has_error) in
        [("dashboard storage of the app's own", false), ("dashboard storage, not ticked", true)]
    {
        add(name.to_owned(), &|texts| storage(texts, Some(own_storage(texts, has_error))));
    }
    add("dashboard app's audit".to_owned(), &audit);
}

fn head(texts: &Texts) -> AppHead {
    let tab = NavItem { id: "tab-one", label: "One", path: texts.owned(), is_here: true };
    AppHead { name: texts.owned(), is_enabled: true, tabs: vec![tab] }
}

fn field(texts: &Texts, id: &'static str) -> TextField {
    let hint = Some(texts.owned().into());
    TextField { hint, ..TextField::line(id, id, texts.owned()) }
}

fn choice(texts: &Texts, id: &'static str) -> ChoiceField {
    let choice = Choice::of(texts.owned(), texts.owned());
    ChoiceField { id: id.into(), name: id.into(), choices: vec![choice], ..ChoiceField::default() }
}

fn secret(texts: &Texts) -> SecretItem {
    SecretItem {
        id: texts.owned(),
        hint: texts.owned(),
        created_at: texts.moment(),
        age: texts.owned(),
        last_used_at: Some(texts.moment()),
        expires_at: Some(texts.moment()),
        state: SecretItemState::Live,
        revoke_action: Some(texts.owned()),
        keep_action: Some(texts.owned()),
    }
}

fn forms(texts: &Texts) -> SecretForms {
    SecretForms {
        version: 7,
        regenerate_action: texts.owned(),
        regenerate_tick: tick(texts, "old-secrets-stop", "regenerate-warning", true),
        add_action: Some(texts.owned()),
        overlap: choice(texts, "overlap"),
    }
}

fn secrets(texts: &Texts) -> String {
    let revoked = ended_secret(texts, SecretItemState::Revoked { at: texts.moment() });
    let all = vec![secret(texts), ended_secret(texts, SecretItemState::Expired), revoked];
    page_of_secrets(texts, all, Some(forms(texts)))
}

fn ended_secret(texts: &Texts, state: SecretItemState) -> SecretItem {
    SecretItem {
        id: texts.owned(),
        hint: texts.owned(),
        created_at: texts.moment(),
        age: texts.owned(),
        last_used_at: None,
        expires_at: None,
        state,
        revoke_action: None,
        keep_action: None,
    }
}

fn page_of_secrets(texts: &Texts, secrets: Vec<SecretItem>, forms: Option<SecretForms>) -> String {
    let page = SecretsPage { chrome: chrome(texts), head: head(texts), is_public: false, secrets, forms };
    page.render().unwrap()
}

fn secret_once(texts: &Texts, made: MadeOnce) -> String {
    let page = SecretOncePage {
        chrome: chrome(texts),
        head: head(texts),
        made,
        secret: texts.text(),
        expires_at: Some(texts.moment()),
        back_path: texts.owned(),
    };
    page.render().unwrap()
}

fn token_form(texts: &Texts) -> ServiceTokenForm {
    ServiceTokenForm {
        action: texts.owned(),
        name: field(texts, "name"),
        scopes: vec![ScopeTick { field: texts.owned(), scope: texts.owned(), is_ticked: true }],
        scopes_error: Some(texts.owned()),
        days: choice(texts, "days"),
    }
}

fn tokens(texts: &Texts, are_taken: bool, making: Option<MakingServiceTokens>) -> String {
    let token = |state, revoke_action| ReferenceTokenItem {
        id: texts.owned(),
        name: texts.owned(),
        hint: texts.owned(),
        is_personal: are_taken,
        holder: texts.owned(),
        audience: texts.owned(),
        scopes: vec![texts.owned()],
        created_at: texts.moment(),
        expires_at: texts.moment(),
        last_used_at: Some(texts.moment()),
        state,
        revoke_action,
    };
    let revoked = ReferenceTokenItemState::Revoked { at: texts.moment() };
    let page = ReferenceTokensPage {
        chrome: chrome(texts),
        head: head(texts),
        are_taken,
        settings_path: (!are_taken).then(|| texts.owned()),
        tokens: vec![
            token(ReferenceTokenItemState::Live, Some(texts.owned())),
            token(ReferenceTokenItemState::Expired, None),
            token(revoked, None),
        ],
        next_path: Some(texts.owned()),
        making,
    };
    page.render().unwrap()
}

fn own_storage(texts: &Texts, has_error: bool) -> OwnStorage {
    let step = |mark| StorageStep { label: "The endpoint answers", mark };
    OwnStorage {
        version: 3,
        provider: "MinIO",
        bucket: texts.owned(),
        endpoint: texts.owned(),
        region: texts.owned(),
        access_key: texts.owned(),
        updated_at: texts.moment(),
        last_check: Some(StorageCheckItem {
            at: texts.moment(),
            outcome: "bucket_not_found",
            works: false,
            text: "There is no such bucket.",
            steps: [StepMark::Passed, StepMark::Failed, StepMark::NotReached].map(step).to_vec(),
        }),
        check_action: Some(texts.owned()),
        removal: Some(TickedAction {
            path: texts.owned(),
            tick: tick(texts, "settings-are-lost", "remove-storage-hint", has_error),
        }),
    }
}

fn storage(texts: &Texts, storage: Option<OwnStorage>) -> String {
    let form = StorageForm {
        action: texts.owned(),
        version: storage.as_ref().map(|storage| storage.version),
        provider: choice(texts, "provider"),
        bucket: field(texts, "bucket"),
        endpoint: field(texts, "endpoint"),
        region: field(texts, "region"),
        access_key: field(texts, "access_key"),
        secret_key: TextField { kind: TextKind::Secret, ..field(texts, "secret_key") },
    };
    let page = StoragePage { chrome: chrome(texts), head: head(texts), storage, form: Some(form) };
    page.render().unwrap()
}

fn audit(texts: &Texts) -> String {
    let change = |before: bool, after: bool| AuditChange {
        attribute: texts.owned(),
        before: before.then(|| texts.owned()),
        after: after.then(|| texts.owned()),
    };
    let event = |position, is_refused: bool| AuditItem {
        position,
        at: texts.moment(),
        event: texts.owned(),
        action: texts.owned(),
        refusal: is_refused.then(|| texts.owned()),
        actor: texts.owned(),
        actor_id: Some(texts.owned()),
        object: Some(texts.owned()),
        changes: if is_refused {
            Vec::new()
        } else {
            vec![change(true, true), change(true, false), change(false, true)]
        },
        request_id: Some(texts.owned()),
    };
    let page = AppAuditPage {
        chrome: chrome(texts),
        head: head(texts),
        table: AuditTable {
            label: texts.owned(),
            has_objects: true,
            events: vec![event(2, true), event(1, false)],
        },
        next_path: Some(texts.owned()),
        tenant_audit_path: texts.owned(),
    };
    page.render().unwrap()
}
