//! The list of all behaviours. A test of the stores compares it with the functions of this folder.

/// Makes a test of every behaviour. The first argument is the path of a `fn(fn(&dyn Store))` that runs one on an
/// empty database, the second that of a `fn(fn(&dyn Fn() -> Arc<dyn Store>))` which lets it open the database
/// several times, as the nodes of a cluster do.
#[macro_export]
macro_rules! store_contract {
    ($on_store:path, $on_nodes:path) => {
        $crate::store_contract! { @tests $on_store;
            instances {
                every_form_of_an_instance_round_trips,
                a_slug_is_taken_once,
                an_update_needs_the_present_version_of_an_instance,
            }
            tenants {
                every_form_of_a_tenant_round_trips,
                a_tenant_name_is_taken_once_in_an_instance,
                tenants_are_found_by_many_ids,
                an_update_needs_the_present_version_of_a_tenant,
                tenants_are_listed_page_by_page,
            }
            regions {
                every_form_of_a_region_round_trips,
                every_form_of_a_database_round_trips,
                codes_are_taken_once_in_an_instance,
                updates_need_the_present_version,
                room_is_taken_until_there_is_none,
                an_inactive_database_gives_no_room,
            }
            plans {
                every_form_of_a_plan_round_trips,
                a_plan_code_is_taken_once_in_an_instance,
                an_update_needs_the_present_version_of_a_plan,
            }
            resources {
                every_form_of_a_resource_round_trips,
                every_form_of_a_scope_round_trips,
                an_audience_is_taken_once_in_an_instance,
                a_scope_name_is_taken_once_in_an_instance,
                an_update_needs_the_present_version_of_a_resource,
                a_deleted_scope_is_gone,
                resource_servers_come_and_go,
            }
            users {
                every_form_of_a_user_round_trips,
                a_user_name_is_taken_once_in_an_instance,
                an_e_mail_address_is_taken_once_in_an_instance,
                an_update_needs_the_present_version_of_a_user,
                users_are_listed_page_by_page,
            }
            apps {
                every_form_of_an_app_round_trips,
                an_update_writes_what_may_change,
                an_update_leaves_what_never_changes,
                an_update_needs_the_present_version_of_an_app,
                a_client_id_is_taken_once_in_an_instance,
                client_ids_that_differ_in_case_are_different,
                an_app_name_is_taken_once_in_a_tenant,
                apps_are_listed_page_by_page,
                apps_on_free_plans_are_counted,
                the_app_of_the_platform_is_found_among_those_of_customers,
                who_is_on_a_plan_is_known_by_plan_and_by_tenant,
                a_deleted_app_is_gone_with_its_secrets,
                killing_a_system_user_marks_its_apps,
            }
            secrets {
                every_form_of_a_secret_round_trips,
                the_newest_secret_comes_first,
                a_secret_is_revoked_once,
                all_unrevoked_secrets_are_revoked_at_once,
                all_secrets_but_one_are_revoked,
                one_lifetime_is_only_ever_shortened,
                lifetimes_are_only_ever_shortened,
            }
            signing_keys {
                every_form_of_a_signing_key_round_trips,
                a_gone_key_is_erased,
                a_key_is_sealed_again_unless_it_is_erased,
                the_oldest_key_comes_first,
            }
            tokens {
                a_revoked_token_stays_revoked,
                expired_revocations_are_purged,
            }
            single_use {
                a_thing_is_consumed_once,
                an_expired_thing_is_unknown,
                a_handle_is_taken_once,
                expired_things_are_purged,
            }
            audit {
                every_form_of_an_entry_comes_back_and_verifies,
                the_head_moves_with_every_number_of_entries,
                instances_have_chains_of_their_own,
                a_rolled_back_entry_leaves_the_head,
                no_position_is_taken_twice,
                pruning_removes_the_entries_of_its_segment,
                a_segment_gets_another_seal_and_nothing_else,
            }
            lists {
                apps_are_listed_in_every_order,
                tenants_are_listed_in_every_order,
                users_are_listed_in_every_order,
                what_changes_meanwhile_moves_no_position,
                no_page_is_longer_than_allowed,
            }
            search {
                apps_are_found_by_a_part_of_their_name,
                tenants_are_filtered_by_name_and_state,
                users_are_filtered_by_name_kind_and_state,
            }
            app_filters {
                apps_are_filtered_by_every_attribute,
                a_scope_filter_matches_no_other_scope,
            }
            members {
                every_form_of_a_membership_round_trips,
                a_user_has_one_place_in_a_tenant,
                a_user_is_a_member_of_many_tenants,
                an_update_needs_the_present_version_of_a_membership,
                a_removed_member_is_gone,
                operators_come_and_go,
            }
            invitations {
                every_form_of_an_invitation_round_trips,
                open_invitations_are_found_by_a_part_of_the_name,
                an_update_writes_state_expiry_and_handle,
                an_update_needs_the_present_version_of_an_invitation,
                an_invitation_handle_is_taken_once,
            }
            management_tokens {
                every_form_of_a_management_token_round_trips,
                a_management_token_handle_is_taken_once,
                a_management_token_is_revoked_once,
                ended_management_tokens_are_purged,
            }
            storage_configs {
                every_form_of_storage_settings_round_trips,
                an_app_has_its_storage_settings_once,
                an_update_needs_the_present_version_of_storage_settings,
                deleted_storage_settings_are_gone,
                a_deleted_app_takes_its_storage_settings_with_it,
                storage_settings_are_listed_page_by_page,
            }
            secret_expiry {
                secrets_that_expire_before_long_come_in_order,
                nobody_is_warned_twice_of_the_same,
                secrets_that_ended_are_purged,
            }
            idempotency {
                every_form_of_an_idempotent_request_round_trips,
                a_key_is_taken_once_by_an_actor,
                a_forgotten_request_is_replaced,
                an_answer_is_kept,
                a_request_is_noted_by_itself,
                forgotten_requests_are_purged,
            }
            audit_filters {
                entries_are_filtered_by_every_attribute,
                no_page_of_the_trail_is_longer_than_allowed,
            }
            changes {
                sequences_count_from_one_without_gaps,
                a_rolled_back_change_leaves_no_gap,
                every_form_of_a_change_round_trips,
                changes_are_listed_in_their_order,
                kills_are_the_changes_with_dead_tokens,
                old_changes_are_purged,
                a_mutation_returns_its_last_change,
            }
            live_apps {
                a_live_app_is_the_sum_of_its_parts,
                a_live_app_has_all_its_secrets,
                of_many_revoked_secrets_the_oldest_are_left_out,
                a_live_app_is_found_in_every_state,
                a_live_app_says_as_of_which_change,
                another_instances_app_is_not_found,
                a_live_app_is_found_by_its_exact_client_id,
            }
            registered_nodes {
                every_form_of_a_node_round_trips,
                a_node_registers_once,
                nodes_are_behind_until_they_acknowledge,
                a_removed_node_is_stale,
                only_a_node_that_is_behind_is_removed,
            }
            bookkeeping {
                the_last_use_never_goes_back,
                a_digest_is_replaced_if_it_is_still_the_one,
            }
            token_counts {
                what_is_counted_adds_up_by_hour_and_day,
                a_report_begins_with_the_busiest_app,
                counts_are_shown_to_whom_they_belong,
                old_hours_are_purged,
                the_hours_of_an_app_are_listed_in_order,
                refusals_add_up_by_reason,
                refusals_are_shown_to_whom_they_belong_and_purged,
            }
            usage {
                an_event_counts_in_all_its_windows,
                an_event_counts_once,
                another_event_with_the_same_id_counts_nothing,
                reporters_have_ids_of_their_own,
                odd_event_ids_are_told_apart,
                a_long_report_is_recorded_as_a_whole,
                sums_stop_growing,
                the_usage_of_a_tenant_is_that_of_its_apps,
                past_windows_of_a_tenant_are_summed,
                past_windows_are_listed_in_order,
                usage_outlives_its_app,
                reported_apps_are_found_by_many_ids,
                old_usage_is_purged,
            }
            sessions {
                every_form_of_a_session_round_trips,
                a_renewed_session_has_another_handle,
                a_session_is_seen_later_and_later,
                a_session_ends_once,
            }
            credentials {
                a_password_replaces_the_one_before,
                an_authenticator_comes_and_goes,
                a_time_step_is_used_once,
                a_recovery_code_is_used_once,
                passkeys_come_and_go,
                the_use_of_a_passkey_is_noted,
            }
            guess_counts {
                failures_are_counted_in_a_row,
            }
            account_links {
                every_form_of_an_account_link_round_trips,
                an_account_link_is_used_once,
                all_links_for_a_purpose_are_used_up_at_once,
                all_links_to_an_account_are_used_up_at_once,
            }
            consents {
                a_consent_replaces_the_one_before,
                a_consent_is_taken_back,
                a_deleted_app_takes_what_people_granted_it_with_it,
            }
            person_grants {
                every_form_of_a_grant_round_trips,
                codes_and_refresh_tokens_are_taken_once,
                a_code_is_redeemed_once,
                a_refresh_token_is_used_once,
                live_grants_are_listed_by_user_app_and_session,
            }
            reference_tokens {
                every_form_of_a_reference_token_round_trips,
                a_reference_token_is_revoked_once,
                the_last_use_of_a_reference_token_never_goes_back,
            }
            logout_notices {
                a_due_notice_is_taken_until_it_is_delivered,
                an_app_with_many_notices_leaves_room_for_others,
                an_app_that_has_not_taken_a_notice_comes_last,
            }
            sign_in_purge {
                what_ended_is_purged,
                a_purge_is_bounded,
            }
            sign_in_isolation {
                another_instance_sees_nobody_who_signs_in,
                another_instance_lets_nobody_in,
                another_tenant_reaches_no_reference_token,
            }
            texts {
                odd_names_round_trip,
                odd_descriptions_round_trip,
                wildcards_match_only_themselves,
            }
            isolation {
                another_instance_sees_nothing,
                another_instance_changes_nothing,
                another_tenant_sees_nothing,
                another_tenant_changes_nothing,
            }
            transactions {
                an_ok_commits_whatever_it_says,
                an_error_rolls_back_everything,
                a_panic_rolls_back_everything,
                bookkeeping_rolls_back_too,
                a_failed_query_cannot_be_committed,
                a_reference_to_nothing_is_refused,
            }
        }
        $crate::store_contract! { @tests $on_nodes;
            nodes {
                exactly_one_of_many_consumes_a_thing,
                the_app_limit_holds_against_parallel_creations,
                one_of_many_gets_the_name,
                room_is_never_given_twice,
                mutations_run_one_after_the_other,
                a_reader_sees_one_moment,
                entries_of_all_nodes_make_one_unbroken_chain,
                one_of_many_does_an_idempotent_request,
                bookkeeping_does_not_wait_for_its_own_kind,
                usage_is_counted_once_by_all,
                token_counts_of_all_nodes_add_up,
                failures_of_all_nodes_are_one_row,
                a_node_is_removed_or_heard_but_not_both,
            }
            uses_at_once {
                exactly_one_of_many_redeems_a_code,
                exactly_one_of_many_uses_a_refresh_token,
                exactly_one_of_many_uses_a_time_step,
                exactly_one_of_many_uses_a_recovery_code,
                exactly_one_of_many_uses_an_account_link,
                many_give_the_same_consent,
                no_two_nodes_take_the_same_notice,
            }
        }
    };
    (@tests $run:path; $($subject:ident { $($behaviour:ident,)+ })+) => {$(
        mod $subject {
            $(
                #[test]
                fn $behaviour() {
                    $run($crate::contract::$subject::$behaviour);
                }
            )+
        }
    )+};
}
