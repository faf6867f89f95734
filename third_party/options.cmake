# Warnings, sanitizers and floating-point rules, carried by one interface target instead of global flags.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)  # with the settings that ccache's manual asks for where a header is precompiled
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

# an installed program finds a LibTorch that lies outside the system's folders
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

add_library(ombra_options INTERFACE)
target_compile_options(ombra_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  # one result on every machine that has the same instructions: features and latents are compared by tests
  -ffp-contract=off)
if(OMBRA_WERROR)
  target_compile_options(ombra_options INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE MATCHES "^(Debug|RelWithDebInfo)$")
  target_compile_definitions(ombra_options INTERFACE OMBRA_ASSERTS=1)
endif()
if(OMBRA_SANITIZE)
  target_compile_options(ombra_options INTERFACE -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<IF:$<STREQUAL:${OMBRA_SANITIZE},thread>,-fsanitize=thread,-fsanitize=address$<COMMA>undefined>)
  target_link_options(ombra_options INTERFACE
    $<IF:$<STREQUAL:${OMBRA_SANITIZE},thread>,-fsanitize=thread,-fsanitize=address$<COMMA>undefined>)
endif()

# ombra_library(NAME SOURCES... ): one static library per folder of src/, target ombra_NAME, alias ombra::NAME
function(ombra_library name)
  add_library(ombra_${name} STATIC ${ARGN})
  add_library(ombra::${name} ALIAS ombra_${name})
  target_include_directories(ombra_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(ombra_${name} PRIVATE ombra_options)
endfunction()
