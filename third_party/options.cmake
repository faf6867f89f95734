# Warnings, sanitizers and floating-point rules, carried by one interface target instead of global flags.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)  # with the settings that ccache's manual asks for where a header is precompiled
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

# Rooms that call it are compiled several files at a time: what their headers cost (LibTorch's templates, CLI11's) is
# paid once a batch. Only where nobody changes single files all day: not in a Debug build, and -DOMBRA_UNITY=OFF.
option(OMBRA_UNITY "Compile the rooms on LibTorch and the commands in batches (Release only)" ON)
function(ombra_in_batches target size)
  if(OMBRA_UNITY AND CMAKE_BUILD_TYPE STREQUAL Release)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
  endif()
endfunction()

# an installed program finds a LibTorch that lies outside the system's folders
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

add_library(ombra_options INTERFACE)
target_compile_options(ombra_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  # what the module behind model/door holds must be of this kind; a header is precompiled once for all
  -fPIC -fno-semantic-interposition
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

# ombra_library(NAME SOURCES... ): one static library per room of src/, target ombra_NAME, alias ombra::NAME. Includes are
# written from src/ on ("audio/beat/tempo.hpp"), but src/ is on nobody's include path: each room has a folder of its own
# that leads to it alone, so that a file finds its own room and what its library links, and nothing else.
function(ombra_library name)
  file(RELATIVE_PATH room ${PROJECT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
  set(path ${PROJECT_BINARY_DIR}/rooms/${name})
  get_filename_component(above ${path}/${room} DIRECTORY)
  file(MAKE_DIRECTORY ${above})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${path}/${room} SYMBOLIC)
  add_library(ombra_${name} STATIC ${ARGN})
  add_library(ombra::${name} ALIAS ombra_${name})
  target_include_directories(ombra_${name} PUBLIC ${path})
  target_link_libraries(ombra_${name} PRIVATE ombra_options)
endfunction()
