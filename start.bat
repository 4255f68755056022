@echo off
rem Windows: sets up on first use, then makes the report.   start.bat [study]
chcp 65001 >nul
cd /d "%~dp0"
set PYTHONUTF8=1
set PYTHONDONTWRITEBYTECODE=
set UV_PYTHON_DOWNLOADS=never
set OMP_NUM_THREADS=1
set OPENBLAS_NUM_THREADS=1
set MKL_NUM_THREADS=1
set STUDY=%1
if "%STUDY%"=="" set STUDY=haskovo-demo
where py >nul 2>nul && (set PYTHON=py -3) || (set PYTHON=python)
%PYTHON% scripts\prepare_environment.py || goto :end
.venv\Scripts\python.exe -m analysis report --study %STUDY%
:end
pause
