//! The tables as Diesel knows them. Made from the migrations, not written: with `TURNKEEP_UPDATE_SCHEMA=1` the
//! test `schema_rs_is_what_the_migrations_make` writes this file anew.

diesel::table! {
    account_links (instance_id, handle_hash) {
        instance_id -> Binary,
        handle_hash -> Binary,
        purpose -> Text,
        user_id -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

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
        state_since -> Nullable<BigInt>,
        pkce -> Nullable<Text>,
        backchannel_logout_uri -> Nullable<Text>,
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
    audit_heads (instance_id) {
        instance_id -> Binary,
        position -> BigInt,
        entry_hash -> Binary,
        seal_key_id -> Binary,
        seal_tag -> Binary,
    }
}

diesel::table! {
    audit_segments (instance_id, first_position) {
        instance_id -> Binary,
        first_position -> BigInt,
        last_position -> BigInt,
        hash_before -> Binary,
        last_hash -> Binary,
        pruned_at -> BigInt,
        seal_key_id -> Binary,
        seal_tag -> Binary,
    }
}

diesel::table! {
    audit_trail (instance_id, position) {
        instance_id -> Binary,
        position -> BigInt,
        id -> Binary,
        tenant_id -> Nullable<Binary>,
        actor -> Text,
        action -> Text,
        object -> Nullable<Text>,
        refusal -> Nullable<Text>,
        changes -> Text,
        request_id -> Nullable<Binary>,
        at -> BigInt,
        previous_hash -> Binary,
        entry_hash -> Binary,
    }
}

diesel::table! {
    authorization_codes (instance_id, code_hash) {
        instance_id -> Binary,
        code_hash -> Binary,
        grant_id -> Binary,
        app_id -> Binary,
        redirect_uri -> Text,
        was_redirect_uri_sent -> Bool,
        challenge -> Nullable<Text>,
        nonce -> Nullable<Text>,
        expires_at -> BigInt,
        redeemed_at -> Nullable<BigInt>,
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
        is_new -> Nullable<Bool>,
        secret_id -> Nullable<Binary>,
        token_id -> Nullable<Binary>,
        user_id -> Nullable<Binary>,
        grant_id -> Nullable<Binary>,
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
        warned_days -> Nullable<BigInt>,
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
    consents (instance_id, user_id, app_id) {
        instance_id -> Binary,
        user_id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        scopes -> Text,
        given_at -> BigInt,
    }
}

diesel::table! {
    guess_counts (instance_id, user_id, credential) {
        instance_id -> Binary,
        user_id -> Binary,
        credential -> Text,
        failures -> BigInt,
    }
}

diesel::table! {
    idempotent_requests (instance_id, actor, key_hash) {
        instance_id -> Binary,
        actor -> Text,
        key_hash -> Binary,
        fingerprint -> Binary,
        answer_status -> Nullable<BigInt>,
        answer_etag -> Nullable<Text>,
        answer_location -> Nullable<Text>,
        answer_body -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
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
        state_since -> Nullable<BigInt>,
        accent -> Nullable<Text>,
    }
}

diesel::table! {
    invitations (instance_id, tenant_id, id) {
        instance_id -> Binary,
        tenant_id -> Binary,
        id -> Binary,
        user_name -> Text,
        role -> Text,
        invited_by -> Text,
        handle_hash -> Binary,
        state -> Text,
        state_at -> Nullable<BigInt>,
        accepted_by -> Nullable<Binary>,
        expires_at -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    logout_notices (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        user_id -> Binary,
        session_id -> Binary,
        attempts -> BigInt,
        due_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    management_tokens (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        user_id -> Binary,
        tenant_id -> Nullable<Binary>,
        handle_hash -> Binary,
        issued_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    memberships (instance_id, tenant_id, user_id) {
        instance_id -> Binary,
        tenant_id -> Binary,
        user_id -> Binary,
        role -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    nodes (id) {
        id -> Binary,
        applied -> BigInt,
        registered_at -> BigInt,
    }
}

diesel::table! {
    operators (instance_id, user_id) {
        instance_id -> Binary,
        user_id -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    passkeys (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        user_id -> Binary,
        credential_id -> Binary,
        name -> Text,
        passkey -> Text,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    passwords (instance_id, user_id) {
        instance_id -> Binary,
        user_id -> Binary,
        hash -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    person_grants (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        user_id -> Binary,
        session_id -> Binary,
        offline -> Bool,
        scopes -> Text,
        audience -> Text,
        methods -> Text,
        authenticated_at -> BigInt,
        sequence -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
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
        state_since -> Nullable<BigInt>,
        token_requests_per_minute -> Nullable<BigInt>,
        token_requests_per_hour -> Nullable<BigInt>,
        token_requests_per_day -> Nullable<BigInt>,
        token_requests_mode -> Nullable<Text>,
    }
}

diesel::table! {
    recovery_codes (instance_id, user_id, code_hash) {
        instance_id -> Binary,
        user_id -> Binary,
        code_hash -> Binary,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    reference_token_uses (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        last_used_at -> BigInt,
    }
}

diesel::table! {
    reference_tokens (instance_id, tenant_id, id) {
        instance_id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        id -> Binary,
        token_hash -> Binary,
        kind -> Text,
        user_id -> Nullable<Binary>,
        name -> Text,
        hint -> Text,
        scopes -> Text,
        audience -> Text,
        made_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (instance_id, token_hash) {
        instance_id -> Binary,
        token_hash -> Binary,
        grant_id -> Binary,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
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
    sessions (instance_id, id) {
        instance_id -> Binary,
        id -> Binary,
        user_id -> Binary,
        handle_hash -> Binary,
        methods -> Text,
        authenticated_at -> BigInt,
        sequence -> BigInt,
        user_agent -> Text,
        address -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
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
    storage_configs (instance_id, tenant_id, app_id) {
        instance_id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        id -> Binary,
        provider -> Text,
        bucket -> Text,
        access_key -> Text,
        sealed_secret_key -> Binary,
        endpoint -> Text,
        region -> Text,
        checked_at -> Nullable<BigInt>,
        check_outcome -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
        version -> BigInt,
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
        state_since -> Nullable<BigInt>,
        secret_max_age_days -> Nullable<BigInt>,
    }
}

diesel::table! {
    token_counts (instance_id, tenant_id, app_id, hour_start) {
        instance_id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        hour_start -> BigInt,
        issued -> BigInt,
        refused -> BigInt,
        would_refuse -> BigInt,
    }
}

diesel::table! {
    token_refusals (instance_id, tenant_id, app_id, hour_start, reason) {
        instance_id -> Binary,
        tenant_id -> Binary,
        app_id -> Binary,
        hour_start -> BigInt,
        reason -> Text,
        refused -> BigInt,
    }
}

diesel::table! {
    totp_credentials (instance_id, user_id) {
        instance_id -> Binary,
        user_id -> Binary,
        sealed_totp_key -> Binary,
        last_step -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    usage_counts (tenant_id, app_id, window_kind, starts_at) {
        tenant_id -> Binary,
        app_id -> Binary,
        window_kind -> Text,
        starts_at -> BigInt,
        units -> BigInt,
    }
}

diesel::table! {
    usage_events (instance_id, reporter_id, event_id) {
        instance_id -> Binary,
        reporter_id -> Binary,
        event_id -> Text,
        app_id -> Binary,
        units -> BigInt,
        occurred_at -> BigInt,
        received_at -> BigInt,
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
        state_since -> Nullable<BigInt>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        tokens_dead_below -> Nullable<BigInt>,
        display_name_key -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    account_links,
    apps,
    audit_events,
    audit_heads,
    audit_segments,
    audit_trail,
    authorization_codes,
    change_counter,
    change_log,
    client_secret_digests,
    client_secrets,
    consents,
    guess_counts,
    idempotent_requests,
    instances,
    invitations,
    logout_notices,
    management_tokens,
    memberships,
    nodes,
    operators,
    passkeys,
    passwords,
    person_grants,
    plans,
    recovery_codes,
    reference_token_uses,
    reference_tokens,
    refresh_tokens,
    region_databases,
    regions,
    resource_servers,
    resources,
    revoked_tokens,
    scopes,
    sessions,
    signing_keys,
    single_uses,
    storage_configs,
    tenants,
    token_counts,
    token_refusals,
    totp_credentials,
    usage_counts,
    usage_events,
    users,
);
