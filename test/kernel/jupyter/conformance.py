"""Jupyter's own conformance tests, on the kernel "simile" that the environment names."""

import unittest

import jupyter_kernel_test


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "simile"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Math.sqr", "matches": ["sqrt"]},
        {"text": "JSON.", "matches": ["parse", "stringify"]},
    ]
    complete_code_samples = ["1", "const a: number = 1", "function f() {\n  return 1\n}"]
    incomplete_code_samples = ["function f() {", "f(1,", "const s = `one"]
    invalid_code_samples = ["const = 1", "1 1"]
    code_page_something = "page('text')"
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "await Promise.resolve([1, 2])", "result": "[ 1, 2 ]"},
    ]
    code_display_data = [
        {
            "code": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>b</b>' }) })",
            "mime": "text/html",
        }
    ]
    code_history_pattern = "6 ? 7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseFloat"
    code_clear_output = "clear()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
