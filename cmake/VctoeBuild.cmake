# Compiler settings, outside libraries, and the three functions that every folder uses:
# vctoe_library, vctoe_test and vctoe_program.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# libtoe_tb.so is made of the same libraries as the programs. Nobody preempts a symbol of theirs, so
# the compiler need not allow for it, and programs lose nothing: the linker resolves their symbols.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(VCTOE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
# Static: to load libcrypto takes a third as long as to start SystemC, and one function is used.
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(OpenSSL 3 REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(rapidcheck CONFIG REQUIRED)
find_package(benchmark CONFIG REQUIRED)

add_library(vctoe_options INTERFACE)
target_compile_options(vctoe_options INTERFACE -Wall -Wextra -Werror -fno-semantic-interposition)
target_include_directories(vctoe_options INTERFACE ${CMAKE_SOURCE_DIR})
# SystemC's headers are not ours to warn about.
target_include_directories(vctoe_options SYSTEM INTERFACE ${SYSTEMC_INCLUDE_DIRS})
if(VCTOE_SANITIZE)
  target_compile_options(vctoe_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(vctoe_options INTERFACE -fsanitize=address,undefined)
endif()

enable_testing()
include(GoogleTest)

# vctoe_library(NAME sources... LINK libraries...)
function(vctoe_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC vctoe_options ${ARG_LINK})
endfunction()

# vctoe_test(NAME sources... LINK libraries... [TIMEOUT seconds] [LABELS labels...])
# Each TEST runs as a process of its own: a SystemC kernel can be elaborated once per process.
function(vctoe_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LINK;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE vctoe_options ${ARG_LINK} vctoe_test_support GTest::gtest)
  set(properties TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT SC_COPYRIGHT_MESSAGE=DISABLE)
  if(ARG_LABELS)
    list(APPEND properties LABELS ${ARG_LABELS})
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
    PROPERTIES ${properties})
endfunction()
