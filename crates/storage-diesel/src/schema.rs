//! The tables as Diesel knows them. Made from the migrations, not written: with `TURNKEEP_UPDATE_SCHEMA=1` the
//! test `schema_rs_is_what_the_migrations_make` writes this file anew.

diesel::table! {
    apps (instance_id, tenant_id, id) {
        instance_id -> Binary,
        tenant_id -> Binary,
        id -> Binary,
        client_id -> Text,
        client_type -> Text,
        origin -> Text,
        name -> Text,
        name_key -> Text,
        state -> Text,
        region_id -> Nullable<Binary>,
        region_code -> Nullable<Text>,
        database_id -> Nullable<Binary>,
        db_code -> Nullable<Text>,
        allowed_domain_1 -> Nullable<Text>,
        allowed_domain_2 -> Nullable<Text>,
        allowed_domain_3 -> Nullable<Text>,
        login_redirect_uris -> Text,
        logout_redirect_uris -> Text,
        internal_sign_in -> Bool,
        community_sign_in -> Bool,
        service_access -> Text,
        system_user_id -> Nullable<Binary>,
        scopes -> Text,
        reference_tokens -> Text,
        basic_authentication -> Text,
        token_lifetime_secs -> BigInt,
        plan_id -> Nullable<Binary>,
        plan_assigned_at -> Nullable<BigInt>,
        plan_on_hold_since -> Nullable<BigInt>,
        tokens_dead_below -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    audit_events (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        tenant_id -> Nullable<Binary>,
        actor -> Text,
        action -> Text,
        object -> Nullable<Text>,
        refusal -> Nullable<Text>,
        changes -> Text,
        request_id -> Nullable<Binary>,
        at -> BigInt,
    }
}

diesel::table! {
    change_counter (id) {
        id -> Integer,
        sequence -> BigInt,
    }
}

diesel::table! {
    change_log (sequence) {
        sequence -> BigInt,
        instance_id -> Binary,
        tenant_id -> Nullable<Binary>,
        app_id -> Nullable<Binary>,
        tokens_dead -> Bool,
        at -> BigInt,
    }
}

diesel::table! {
    client_secret_digests (tenant_id, app_id, client_secret_id) {
        tenant_id -> Binary,
        app_id -> Binary,
        client_secret_id -> Binary,
        record_hash -> Text,
        mac_hash -> Nullable<Binary>,
        mac_key_id -> Nullable<Binary>,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    client_secrets (tenant_id, app_id, id) {
        tenant_id -> Binary,
        app_id -> Binary,
        id -> Binary,
        hint -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    instances (id) {
        id -> Binary,
        slug -> Text,
        name -> Text,
        state -> Text,
        tokens_dead_below -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    plans (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        slug -> Text,
        name -> Text,
        state -> Text,
        price -> Text,
        units_per_hour -> Nullable<BigInt>,
        units_per_day -> Nullable<BigInt>,
        units_per_week -> Nullable<BigInt>,
        units_per_month -> Nullable<BigInt>,
        requests_per_minute -> Nullable<BigInt>,
        features -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    region_databases (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        region_id -> Binary,
        db_code -> Text,
        availability -> Text,
        capacity -> BigInt,
        app_count -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    regions (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        slug -> Text,
        name -> Text,
        availability -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    resource_servers (instance_id, resource_id, app_id) {
        instance_id -> Binary,
        resource_id -> Binary,
        app_id -> Binary,
    }
}

diesel::table! {
    resources (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        audience -> Text,
        name -> Text,
        limits_claims -> Text,
        signing_algorithm -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    revoked_tokens (instance_id, token_id) {
        instance_id -> Binary,
        token_id -> Binary,
        app_id -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    scopes (instance_id, name) {
        instance_id -> Binary,
        name -> Text,
        resource_id -> Binary,
        description -> Text,
        grantee -> Text,
    }
}

diesel::table! {
    signing_keys (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        algorithm -> Text,
        state -> Text,
        state_at -> Nullable<BigInt>,
        public_jwk -> Text,
        sealed_private_key -> Nullable<Binary>,
        created_at -> BigInt,
    }
}

diesel::table! {
    single_uses (instance_id, handle_hash) {
        instance_id -> Binary,
        handle_hash -> Binary,
        expires_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tenants (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        name -> Text,
        name_key -> Text,
        state -> Text,
        app_limit -> BigInt,
        tokens_dead_below -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    users (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        kind -> Text,
        name -> Text,
        display_name -> Text,
        state -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    apps,
    audit_events,
    change_counter,
    change_log,
    client_secret_digests,
    client_secrets,
    instances,
    plans,
    region_databases,
    regions,
    resource_servers,
    resources,
    revoked_tokens,
    scopes,
    signing_keys,
    single_uses,
    tenants,
    users,
);
