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
                a_deleted_app_is_gone_with_its_secrets,
                killing_a_plan_marks_its_apps,
                killing_a_system_user_marks_its_apps,
            }
            secrets {
                every_form_of_a_secret_round_trips,
                the_newest_secret_comes_first,
                a_secret_is_revoked_once,
                all_unrevoked_secrets_are_revoked_at_once,
                lifetimes_are_only_ever_shortened,
            }
            signing_keys {
                every_form_of_a_signing_key_round_trips,
                a_gone_key_is_erased,
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
                every_form_of_an_event_is_read_back,
                the_newest_event_comes_first,
                refusals_are_added_in_any_number,
            }
            changes {
                sequences_count_from_one_without_gaps,
                a_rolled_back_change_leaves_no_gap,
            }
            bookkeeping {
                the_last_use_never_goes_back,
                a_digest_is_replaced_if_it_is_still_the_one,
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
                bookkeeping_does_not_wait_for_its_own_kind,
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
