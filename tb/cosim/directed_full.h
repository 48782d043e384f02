// Directed tests that use all there is, of directed_tests(). What each is about stands beside its
// source.
#pragma once

#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

Scenario a_list_of_four_gigabytes(Set set, std::uint64_t seed);
Scenario a_list_of_many_records(Set set, std::uint64_t seed);
Scenario every_tag_is_in_use(Set set, std::uint64_t seed);
Scenario every_page_goes_under_a_read(Set set, std::uint64_t seed);
Scenario a_cancel_gives_all_pages_back(Set set, std::uint64_t seed);
Scenario walks_wait_for_room_for_a_page(Set set, std::uint64_t seed);
Scenario every_bit_of_a_misaligned_link(Set set, std::uint64_t seed);
Scenario an_address_of_each_single_bit(Set set, std::uint64_t seed);
Scenario a_list_at_the_end_of_memory(Set set, std::uint64_t seed);
Scenario a_cancel_of_a_full_queue(Set set, std::uint64_t seed);
Scenario a_walk_of_each_connection(Set set, std::uint64_t seed);

}  // namespace vctoe::cosim
