#!/usr/bin/env python3
"""Pictures of the forms and reports, for a person to look at: by hand, no part of tests/run.

    tests/report/look.py BUILD_FOLDER OUT_FOLDER

Writes the sample files with BUILD_FOLDER/tests/report_test and renders them page by page: XLSX and DOCX by LibreOffice
(libreoffice-calc-nogui, libreoffice-writer-nogui, poppler-utils), HTML by chromium.
"""
import os
import pathlib
import subprocess
import sys
import tempfile


def run(*command, **more):
    subprocess.run([str(c) for c in command], check=True, timeout=300, stdout=subprocess.DEVNULL, **more)


def pages(pdf):
    run("pdftoppm", "-r", "80", "-png", pdf, pdf.with_suffix(""))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program = pathlib.Path(sys.argv[1]) / "tests/report_test"
    out = pathlib.Path(sys.argv[2]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    run(program, "--gtest_filter=Samples.*", env=dict(os.environ, CHANGTONG_LOOK=str(out)))
    with tempfile.TemporaryDirectory() as home:
        for office in sorted([*out.glob("*.xlsx"), *out.glob("*.docx")]):
            run("soffice", f"-env:UserInstallation=file://{home}/office", "--headless", "--convert-to", "pdf",
                "--outdir", out, office, stderr=subprocess.DEVNULL)
            whole = out / (office.name + ".pdf")
            (out / office.with_suffix(".pdf").name).rename(whole)
            pages(whole)
        for page in sorted(out.glob("*.html")):
            pdf = out / (page.name + ".pdf")
            run("chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--user-data-dir={home}/chromium",
                f"--print-to-pdf={pdf}", page.as_uri(), stderr=subprocess.DEVNULL)
            pages(pdf)
    for picture in sorted(out.glob("*.png")):
        print(picture)


if __name__ == "__main__":
    main()
