//! What a search found, as its page lists it.

use std::fmt::Display;

use turnkeep_console::dashboard::search::{FoundItem, FoundKind};
use turnkeep_domain::app::App;
use turnkeep_domain::tenant::Tenant;
use turnkeep_service::registry::search::{
    Found, FoundDatabase, FoundInvitation, FoundMember, FoundScope, MOST_FOUND,
};

use super::place::OperatorPlace;
use crate::account::paths::PagePaths;

/// What was found, by kind, each with the page that it leads to; kinds of which nothing was found are left out.
pub(super) fn kinds(paths: &PagePaths, found: &[Found]) -> Vec<FoundKind> {
    let of_tenants = [
        kind("found-apps", "Apps", found, |found| &found.apps, |app| app_item(paths, app)),
        kind("found-tenants", "Tenants", found, |found| &found.tenants, |tenant| tenant_item(paths, tenant)),
        kind("found-members", "Members", found, |found| &found.members, |member| member_item(paths, member)),
        kind(
            "found-invitations",
            "Invitations",
            found,
            |found| &found.invitations,
            |invitation| invitation_item(paths, invitation),
        ),
    ];
    let kinds = of_tenants.into_iter().chain(kinds_for_operators(paths, found));
    kinds.filter(|kind| !kind.items.is_empty()).collect()
}

fn kinds_for_operators(paths: &PagePaths, found: &[Found]) -> [FoundKind; 7] {
    let item = |place, id: &dyn Display, name: String, hint: String| FoundItem {
        name,
        hint,
        path: paths.operator_record(place, id, ""),
    };
    [
        kind(
            "found-people",
            "People",
            found,
            |found| &found.users,
            |user| {
                item(OperatorPlace::People, &user.id, user.display_name.to_string(), user.name.to_string())
            },
        ),
        kind(
            "found-plans",
            "Plans",
            found,
            |found| &found.plans,
            |plan| item(OperatorPlace::Plans, &plan.id, plan.name.to_string(), plan.code.to_string()),
        ),
        kind(
            "found-regions",
            "Regions",
            found,
            |found| &found.regions,
            |region| {
                item(OperatorPlace::Regions, &region.id, region.name.to_string(), region.code.to_string())
            },
        ),
        kind(
            "found-databases",
            "Databases",
            found,
            |found| &found.databases,
            |FoundDatabase { database, region_name }| {
                let rest = format!("/databases/{}", database.id);
                FoundItem {
                    name: database.db_code.to_string(),
                    hint: format!("in {region_name}"),
                    path: paths.operator_record(OperatorPlace::Regions, database.region_id, &rest),
                }
            },
        ),
        kind(
            "found-resources",
            "Resources",
            found,
            |found| &found.resources,
            |resource| {
                let (name, audience) = (resource.name.to_string(), resource.audience.to_string());
                item(OperatorPlace::Resources, &resource.id, name, audience)
            },
        ),
        kind(
            "found-scopes",
            "Scopes",
            found,
            |found| &found.scopes,
            |FoundScope { scope, resource_name }| {
                let (name, hint) = (scope.name.to_string(), format!("of {resource_name}"));
                item(OperatorPlace::Resources, &scope.resource_id, name, hint)
            },
        ),
        kind(
            "found-instances",
            "Instances",
            found,
            |found| &found.instances,
            |instance| {
                let (name, slug) = (instance.name.to_string(), instance.slug.to_string());
                item(OperatorPlace::Instances, &instance.id, name, slug)
            },
        ),
    ]
}

/// What was found of a kind, by each search. One that found as many as it may have left some out.
fn kind<'a, T: 'a>(
    id: &'static str,
    title: &'static str,
    found: &'a [Found],
    of: impl Fn(&'a Found) -> &'a Vec<T>,
    item: impl Fn(&T) -> FoundItem,
) -> FoundKind {
    let lists = || found.iter().map(&of);
    let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
    FoundKind {
        id,
        title,
        items: lists().flatten().map(item).collect(),
        is_cut: lists().any(|list| most <= list.len()),
    }
}

fn app_item(paths: &PagePaths, app: &App) -> FoundItem {
    FoundItem {
        name: app.settings.name.to_string(),
        hint: app.client_id.to_string(),
        path: paths.app(app.tenant_id, app.id, ""),
    }
}

fn tenant_item(paths: &PagePaths, tenant: &Tenant) -> FoundItem {
    FoundItem {
        name: tenant.name.to_string(),
        hint: format!("{} · {}", tenant.state, tenant.id),
        path: paths.tenant(tenant.id, ""),
    }
}

fn member_item(paths: &PagePaths, FoundMember { member, tenant_name }: &FoundMember) -> FoundItem {
    FoundItem {
        name: member.user.display_name.to_string(),
        hint: format!("{} · {} of {tenant_name}", member.user.name, member.membership.role),
        path: paths.tenant(member.membership.tenant_id, "/members"),
    }
}

fn invitation_item(paths: &PagePaths, FoundInvitation { view, tenant_name }: &FoundInvitation) -> FoundItem {
    let (invitation, standing) = (&view.invitation, view.standing.as_str());
    FoundItem {
        name: invitation.user_name.to_string(),
        hint: format!("{standing} · as {} of {tenant_name}", invitation.role),
        path: paths.tenant(invitation.tenant_id, "/members"),
    }
}
