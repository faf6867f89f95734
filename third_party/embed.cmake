# ombra_embed(TARGET SYMBOL FILES...): the bytes of text files as a generated source, so that the program runs from
# anywhere. Declares in <TARGET>: std::span<const ombra::EmbeddedFile> SYMBOL(), see core/embedded.hpp.
function(ombra_embed target symbol)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  set(script ${PROJECT_SOURCE_DIR}/third_party/embed_files.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSYMBOL=${symbol} "-DFILES=${ARGN}" -P ${script}
    DEPENDS ${ARGN} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
