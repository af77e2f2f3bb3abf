//! Members, invitations, and the audit trail.

use turnkeep_console::dashboard::audit::{
    AuditEventPage, AuditFilterForm, AuditPage, AuditRow, ChainLine, ChainMark, RelatedPaths,
};
use turnkeep_console::dashboard::invitation_once::InvitationOncePage;
use turnkeep_console::dashboard::members::{
    InvitationActions, InvitationItem, InviteForm, MemberItem, MembersPage, RoleForm,
};
use turnkeep_console::parts::audit_table::{AuditChange, AuditItem};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_console::render::Render;

use super::{Add, chrome};
use crate::samples::Texts;

pub(super) fn add(add: &mut Add<'_>) {
    add("dashboard members".to_owned(), &members);
    add("dashboard members without anybody".to_owned(), &|texts| {
        let chrome = chrome(texts);
        let (members, invitations) = (Vec::new(), Vec::new());
        MembersPage { chrome, members, next_path: None, invite: None, invitations }.render().unwrap()
    });
    add("dashboard invitation".to_owned(), &|texts| {
        let page = InvitationOncePage {
            chrome: chrome(texts),
            user_name: texts.owned(),
            role: texts.owned(),
            expires_at: texts.moment(),
            link: texts.text(),
            members_path: texts.owned(),
        };
        page.render().unwrap()
    });
    for mark in [ChainMark::Sound, ChainMark::Unproven, ChainMark::Broken, ChainMark::Empty] {
        add(format!("dashboard audit {mark:?}"), &|texts| audit(texts, mark));
    }
    for is_genuine in [false, true] {
        add(format!("dashboard audit event {is_genuine}"), &|texts| event(texts, is_genuine));
    }
}

fn members(texts: &Texts) -> String {
    let page = MembersPage {
        chrome: chrome(texts),
        members: vec![
            member(texts, 1, true),
            member(texts, 2, false),
            MemberItem { role_form: None, remove_action: None, ..member_without_forms(texts) },
        ],
        next_path: Some(texts.owned()),
        invite: Some(InviteForm {
            action: texts.owned(),
            user_name: TextField {
                hint: Some(texts.owned().into()),
                error: Some(texts.owned()),
                ..TextField::line("user_name", "User name", texts.owned())
            },
            role: role(texts, "invite-role".to_owned()),
        }),
        invitations: vec![invitation(texts, true), invitation(texts, false)],
    };
    page.render().unwrap()
}

fn member_without_forms(texts: &Texts) -> MemberItem {
    MemberItem {
        display_name: texts.owned(),
        user_name: texts.owned(),
        role: texts.owned(),
        since: texts.moment(),
        is_self: false,
        state: None,
        version: 3,
        role_form: None,
        remove_action: None,
    }
}

fn member(texts: &Texts, number: u32, is_self: bool) -> MemberItem {
    MemberItem {
        is_self,
        state: is_self.then(|| texts.owned()),
        role_form: Some(RoleForm { action: texts.owned(), role: role(texts, format!("role-{number}")) }),
        remove_action: Some(texts.owned()),
        ..member_without_forms(texts)
    }
}

fn role(texts: &Texts, id: String) -> ChoiceField {
    let value = texts.owned();
    let choice = Choice {
        value: value.clone().into(),
        label: texts.owned().into(),
        hint: Some(texts.owned().into()),
        is_disabled: false,
    };
    ChoiceField {
        id: id.into(),
        name: "role".into(),
        label: "Role".into(),
        chosen: value,
        choices: vec![choice],
        style: ChoiceStyle::Buttons,
        ..ChoiceField::default()
    }
}

fn invitation(texts: &Texts, is_expired: bool) -> InvitationItem {
    InvitationItem {
        user_name: texts.owned(),
        role: texts.owned(),
        invited_by: texts.owned(),
        expires_at: texts.moment(),
        is_expired,
        version: 1,
        actions: is_expired.then(|| InvitationActions { resend: texts.owned(), cancel: texts.owned() }),
    }
}

/// What the list shows of an event; the rest is on its own page.
fn item(texts: &Texts, position: u64) -> AuditItem {
    AuditItem {
        position,
        at: texts.moment(),
        event: texts.owned(),
        action: texts.owned(),
        refusal: Some(texts.owned()),
        actor: texts.owned(),
        actor_id: None,
        object: Some(texts.owned()),
        changes: Vec::new(),
        request_id: None,
    }
}

fn audit(texts: &Texts, mark: ChainMark) -> String {
    let is_empty = mark == ChainMark::Empty;
    let row = |position| AuditRow { item: item(texts, position), path: texts.owned() };
    let page = AuditPage {
        chrome: chrome(texts),
        title: "Audit",
        chain: ChainLine { mark, text: texts.owned(), head: (!is_empty).then(|| texts.owned()) },
        filter: AuditFilterForm {
            fields: vec![TextField {
                error: Some(texts.owned()),
                ..TextField::line("action", "Action", texts.owned())
            }],
            outcome: ChoiceField { id: "outcome".into(), name: "outcome".into(), ..ChoiceField::default() },
            is_used: is_empty,
        },
        export_path: texts.owned(),
        path: texts.owned(),
        events: if is_empty { Vec::new() } else { vec![row(2), row(1)] },
        next_path: (!is_empty).then(|| texts.owned()),
    };
    page.render().unwrap()
}

fn event(texts: &Texts, is_genuine: bool) -> String {
    let change = |before, after| AuditChange { attribute: texts.owned(), before, after };
    let changes = |texts: &Texts| vec![change(None, Some(texts.owned())), change(Some(texts.owned()), None)];
    let page = AuditEventPage {
        chrome: chrome(texts),
        item: AuditItem {
            actor_id: Some(texts.owned()),
            request_id: Some(texts.owned()),
            changes: if is_genuine { changes(texts) } else { vec![change(None, None)] },
            ..item(texts, 7)
        },
        id: texts.owned(),
        tenant: Some(texts.owned()),
        hash: texts.owned(),
        previous_hash: texts.owned(),
        is_genuine,
        related: RelatedPaths {
            actor: texts.owned(),
            object: Some(texts.owned()),
            request: Some(texts.owned()),
            action: texts.owned(),
        },
    };
    page.render().unwrap()
}
