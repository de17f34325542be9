# Makes dist\kzdoc on Windows: a folder that runs from any path without administrator rights, and a zip of it.
#
#   powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1
#
# NEVER RUN (docs/windows.md). Needs Python 3.11-3.13, 64 bit, from python.org, and git.
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

function Invoke-Step([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $Arguments ended with $LASTEXITCODE" }
}

if (-not (Test-Path ".venv\Scripts\python.exe")) { Invoke-Step "py" @("-3", "-m", "venv", ".venv") }
$python = ".venv\Scripts\python.exe"
Invoke-Step $python @("-m", "pip", "install", "-q", "--require-hashes", "--only-binary", ":all:",
    "-r", "requirements\runtime.txt", "-r", "requirements\dev.txt")
Invoke-Step $python @("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ".")

$env:SOURCE_DATE_EPOCH = (git log -1 --format=%ct)
$env:PYTHONHASHSEED = "0"
Invoke-Step $python @("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", "dist",
    "--workpath", "build", "packaging\kzdoc.spec")

# Try it from another path, with a space and Cyrillic letters in it.
$place = Join-Path $env:TEMP ("kzdoc " + [guid]::NewGuid())
$program = Join-Path $place "Мои программы"
Copy-Item -Recurse "dist\kzdoc" $program
try {
    Invoke-Step (Join-Path $program "kzdoc-cli.exe") @("--version")
    Invoke-Step (Join-Path $program "kzdoc-cli.exe") @("demo", "--no-window", "-o", (Join-Path $place "demo"))
} finally {
    Remove-Item -Recurse -Force $place
}
Compress-Archive -Force -Path "dist\kzdoc" -DestinationPath "dist\kzdoc-windows.zip"
Write-Output "dist\kzdoc-windows.zip"
